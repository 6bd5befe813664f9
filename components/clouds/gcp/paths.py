"""How GCP names a thing: by a path, by a full link that ends in the path, and by the path's last part.

Owns      the step from one form to another.
Refuses   any SDK: validation splits references too.
"""

COMPUTE = "https://www.googleapis.com/compute/v1/"


def link(path: str) -> str:
    """The full link of a path of Compute Engine: the form in which its API returns references."""
    return f"{COMPUTE}{path}"


def last(path: str) -> str:
    """The name of a thing, given its path or link."""
    return path.rsplit("/", 1)[-1]


def project(path: str) -> str:
    """The project of `projects/<project>/…`."""
    return path.split("/")[1]


def region(path: str) -> str:
    """The region of `projects/<project>/regions/<region>/…`."""
    return path.split("/")[3]
