"""Every physical and logical name that the components give.

Owns      the rules by which names are made: deterministic, bounded, unique within what they name.
Refuses   randomness: a name is an identity, and recovery after a crash finds a resource by it.
Identity  changing a function here renames cloud resources: each change needs aliases and a new golden file.
"""

import hashlib


def digest(text: str, length: int = 6) -> str:
    """`length` characters in [a-z2-7] that depend on all of `text`."""
    import base64

    return base64.b32encode(hashlib.sha256(text.encode()).digest()).decode().lower()[:length]


def bounded(text: str, limit: int) -> str:
    """`text` where it fits in `limit` characters, else its beginning, a hyphen and a digest of the whole."""
    if len(text) <= limit:
        return text
    return f"{text[: limit - 7].rstrip('-.')}-{digest(text)}"


def cell_resource(cell: str, role: str = "", limit: int = 63) -> str:
    """Physical name of a cell's cloud resource, e.g. `kf-aws-euw1-prod-nodes`."""
    return bounded(f"kf-{cell}-{role}" if role else f"kf-{cell}", limit)


def globally_unique(cell: str, account: str, limit: int) -> str:
    """Physical name of something whose name is unique in the whole cloud (an Azure key vault)."""
    return f"{bounded(f'kf-{cell}', limit - 7).rstrip('-')}-{digest(f'{account}/{cell}')}"


def namespace(cluster: str) -> str:
    """The Kubernetes namespace that holds one Kafka cluster, its services and its apps' objects."""
    return f"kafka-{cluster}"


def object_name(name: str, limit: int = 63) -> str:
    """Kubernetes object name for a Kafka topic or user; names that are no DNS subdomain get a readable hash.

    Topic names may hold upper case and `_`, which Kubernetes refuses; `spec.topicName` keeps the real one.
    """
    import re

    if len(name) <= limit and re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*", name):
        return name
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "x"
    return f"{plain[: limit - 9].rstrip('-')}--{digest(name)}"
