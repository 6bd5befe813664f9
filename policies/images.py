"""Images wherever objects name them, for the rules about images.

Owns      the places: pods' containers, Strimzi's `image` keys, and the values of charts.
Refuses   images that an operator picks by itself: they are as good as the operator's version.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from policies import pods
from policies.contract import UNKNOWN, Resource
from policies.look import look

STRIMZI = "kubernetes:kafka.strimzi.io/v1:*"
RELEASE = "kubernetes:helm.sh/v3:Release"
TYPES = (*pods.TYPES, STRIMZI, RELEASE)


def images(resource: Resource) -> Iterator[tuple[str, Any]]:
    """Where an image is named, and its name; UNKNOWN where that is not known."""
    if resource.type in pods.TYPES:
        for name, container in pods.containers(resource):
            yield f"image of {name}", UNKNOWN if container is UNKNOWN else look(container, "image")
    elif resource.type == RELEASE:
        yield from _charts(resource)
    else:
        yield from _within(look(resource.props, "spec"), "spec")


def _charts(resource: Resource) -> Iterator[tuple[str, Any]]:
    for where, value in _mappings(look(resource.props, "values"), "values"):
        repository, tag, digest = (look(value, key) for key in ("repository", "tag", "digest"))
        if repository is UNKNOWN:
            yield f"{where}.repository", UNKNOWN
        elif isinstance(repository, str) and where.endswith("image"):
            yield where, repository + (f":{tag}" if tag else ":<the chart's>") + (f"@{digest}" if digest else "")


def _mappings(node: Any, where: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(node, Mapping):
        yield where, node
        for key, value in node.items():
            yield from _mappings(value, f"{where}.{key}")


def _within(node: Any, where: str) -> Iterator[tuple[str, Any]]:
    for path, mapping in _mappings(node, where):
        found = mapping.get("image")
        if found is UNKNOWN or isinstance(found, str):
            yield f"{path}.image", found


def registry(image: str) -> str:
    """The image with its registry said: Docker leaves out its own."""
    first, slash, _ = image.partition("/")
    return image if slash and ("." in first or ":" in first or first == "localhost") else f"docker.io/{image}"


def tag(image: str) -> str:
    """The tag, empty where there is none."""
    return image.partition("@")[0].rpartition("/")[2].partition(":")[2]
