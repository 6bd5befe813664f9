"""The real Kafkas of a sandbox, in lines for a person.

Owns      what `fleet sandbox status` says of them: where each is, what is not ready, what is not as declared.
Refuses   a summary that hides: everything that one node does otherwise is in it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def lines(nodes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The clusters, each with its listeners, objects and differences."""
    yield "real Kafka, one node a cluster, kept by the sandbox's own reconciler (not Strimzi)"
    for node in nodes:
        yield from _node(node)


def _node(node: Mapping[str, Any]) -> Iterator[str]:
    where = f", process {node['pid']}, Kafka {node['version']}" if node.get("pid") else ""
    yield f"  {node['cluster']}: {node['state']}{where}{_reason(node.get('message', ''))}"
    if node["state"] == "stopped":
        return
    for one in node.get("listeners", ()):
        yield f"    {one['name']} {one['bootstrap']} ({one['authentication'] or 'no authentication'})"
    for name, address in sorted({**node.get("connect", {}), **node.get("registries", {})}.items()):
        yield f"    {name} {address}"
    objects = node.get("objects", ())
    ready = sum(1 for one in objects if one["ready"])
    yield f"    objects: {ready} of {len(objects)} ready"
    for one in objects:
        if not one["ready"]:
            yield f"      {one['kind']} {one['name']}: {one['reason']}{_reason(one['message'])}"
        elif one["note"]:
            yield f"      {one['kind']} {one['name']}: {one['note']}"
    adapted = node.get("adapted", ())
    if adapted:
        yield "    not as declared:"
    for one in adapted:
        yield f"      {one['what']}: {one['declared']} → {one['here']} ({one['why']})"


def _reason(message: str) -> str:
    return f": {message}" if message else ""
