"""Strimzi's own laws: what the operator would refuse, ignore or never recover from, told at the request.

Owns      laws beyond the CRDs, for Strimzi 1.2.0: a real API server accepts what they refuse.
Refuses   to be the operator: nothing is reconciled.
"""

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.clouds.kubernetes import forbidden, fragments, strimzi_listeners
from sandbox.clouds.kubernetes.quantities import amount
from sandbox.clouds.kubernetes.wire import at, dotted, has_unknown, items, law
from sandbox.contract import Refusal

Path = tuple[str | int, ...]
GROUP = "kafka.strimzi.io"
KAFKA_VERSIONS = ("4.2.0", "4.2.1", "4.3.0", "4.3.1")
_LABELLED = frozenset({"KafkaNodePool", "KafkaTopic", "KafkaUser", "KafkaConnector", "KafkaRebalance"})
_RESERVED_PORTS = {9404: "metrics", 9999: "JMX"}


def _listeners(body: Mapping[str, Any]) -> Iterator[Refusal]:
    names: set[Any] = set()
    ports: set[Any] = set()
    for index, listener in enumerate(items(at(body, "spec", "kafka", "listeners"))):
        path: Path = ("spec", "kafka", "listeners", index)
        name, port = listener.get("name"), listener.get("port")
        if name in names:
            yield law(
                "listener-not-unique", (*path, "name"), f"every listener needs a name of its own, '{name}' is taken"
            )
        if port in ports:
            yield law(
                "listener-not-unique", (*path, "port"), f"every listener needs a port of its own, {port} is taken"
            )
        if port in _RESERVED_PORTS:
            yield law(
                "listener-port-reserved", (*path, "port"), f"port {port} is Strimzi's own ({_RESERVED_PORTS[port]})"
            )
        if at(listener, "authentication", "type") == "tls" and listener.get("tls") is False:
            yield law("listener-tls-needed", (*path, "tls"), "authentication by certificate needs `tls: true`")
        for number, block in enumerate(at(listener, "configuration", "loadBalancerSourceRanges") or ()):
            if isinstance(block, str) and not _is_range(block):
                where = (*path, "configuration", "loadBalancerSourceRanges", number)
                yield law("range-malformed", where, f"'{block}' is no CIDR: the listener's Service would be refused")
        names.add(name)
        ports.add(port)


def _is_range(block: str) -> bool:
    try:
        return "/" in block and bool(ipaddress.ip_network(block, strict=False))
    except ValueError:
        return False


def _versions(body: Mapping[str, Any]) -> Iterator[Refusal]:
    path: Path = ("spec", "kafka") if body.get("kind") == "Kafka" else ("spec",)
    version = at(body, *map(str, path), "version")
    if isinstance(version, str) and version not in KAFKA_VERSIONS:
        allowed = ", ".join(KAFKA_VERSIONS)
        yield law(
            "kafka-version-unsupported", (*path, "version"), f"Strimzi 1.2.0 can't run Kafka {version} ({allowed})"
        )
    metadata = at(body, "spec", "kafka", "metadataVersion")
    if isinstance(metadata, str) and isinstance(version, str) and _minor(metadata) > _minor(version):
        why = f"metadata version {metadata} is newer than Kafka {version}"
        yield law("metadata-version-too-new", ("spec", "kafka", "metadataVersion"), why)


def _minor(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("-", maxsplit=1)[0].split(".")[:2] if part.isdigit())


def _volumes(storage: Any) -> dict[Any, Mapping[str, Any]]:
    return {volume.get("id"): volume for volume in items(at(storage, "volumes"))}


def _storage(body: Mapping[str, Any]) -> Iterator[Refusal]:
    ids: set[Any] = set()
    metadata = 0
    for index, volume in enumerate(items(at(body, "spec", "storage", "volumes"))):
        path: Path = ("spec", "storage", "volumes", index)
        if volume.get("id") in ids:
            yield law(
                "volume-not-unique", (*path, "id"), f"every volume needs an id of its own, {volume.get('id')} is taken"
            )
        ids.add(volume.get("id"))
        metadata += volume.get("kraftMetadata") == "shared"
        if volume.get("type") == "persistent-claim" and not volume.get("size"):
            yield law("volume-without-size", (*path, "size"), "a persistent claim needs a size")
        elif isinstance(volume.get("size"), str) and amount(volume["size"]) is None:
            yield law("volume-bad-size", (*path, "size"), f"'{volume['size']}' is not a quantity: write it like 1000Gi")
    if metadata > 1:
        yield law(
            "metadata-volume-twice", ("spec", "storage", "volumes"), "only one volume may hold the KRaft metadata"
        )


def _pool_change(body: Mapping[str, Any], old: Mapping[str, Any]) -> Iterator[Refusal]:
    spec, before = body.get("spec"), old.get("spec")
    roles, were = at(spec, "roles"), at(before, "roles")
    if sorted(roles or []) != sorted(were or []):
        yield law(
            "roles-immutable", ("spec", "roles"), f"the roles of a node pool are for life: {were} can't become {roles}"
        )
    elif "controller" in (were or []) and at(spec, "replicas") != at(before, "replicas"):
        why = (
            f"a static quorum keeps its size: {at(before, 'replicas')} controllers can't become {at(spec, 'replicas')}"
        )
        yield law("controllers-immutable", ("spec", "replicas"), why)
    volumes = _volumes(at(spec, "storage"))
    for number, volume in _volumes(at(before, "storage")).items():
        path: Path = ("spec", "storage", "volumes", number)
        now = volumes.get(number)
        if now is None:
            yield law(
                "volume-removed", path, f"volume {number} holds replicas; move them away with Cruise Control first"
            )
            continue
        if volume.get("class") != now.get("class"):
            why = f"a volume keeps its storage class: '{volume.get('class')}' can't become '{now.get('class')}'"
            yield law("storage-class-immutable", (*path, "class"), why)
        if (amount(now.get("size")) or 0) < (amount(volume.get("size")) or 0):
            why = f"a volume can't shrink from {volume.get('size')} to {now.get('size')}"
            yield law("volume-shrunk", (*path, "size"), why)


def _topic_config(body: Mapping[str, Any]) -> Iterator[Refusal]:
    for key, value in (at(body, "spec", "config") or {}).items():
        if isinstance(value, Mapping):
            path: Path = ("spec", "config", key)
            why = "the topic operator takes a text, a number, true or false, or a list of these"
            yield law("topic-config-value", path, f"{dotted(path)}: {why}")


def _topic_change(body: Mapping[str, Any], old: Mapping[str, Any]) -> Iterator[Refusal]:
    partitions, were = at(body, "spec", "partitions"), at(old, "spec", "partitions")
    if isinstance(partitions, int | float) and isinstance(were, int | float) and partitions < were:
        why = f"a topic can't lose partitions: {were:g} can't become {partitions:g}"
        yield law("partitions-shrunk", ("spec", "partitions"), why)
    name, was = (at(each, "spec", "topicName") or at(each, "metadata", "name") for each in (body, old))
    if name != was and not has_unknown(body.get("spec")):
        yield law("topic-renamed", ("spec", "topicName"), f"a topic keeps its name: '{was}' can't become '{name}'")


def _kafka_change(body: Mapping[str, Any], old: Mapping[str, Any]) -> Iterator[Refusal]:
    metadata, was = at(body, "spec", "kafka", "metadataVersion"), at(old, "spec", "kafka", "metadataVersion")
    if isinstance(metadata, str) and isinstance(was, str) and _minor(metadata) < _minor(was):
        why = f"the metadata version never goes back: {was} can't become {metadata}"
        yield law("metadata-version-down", ("spec", "kafka", "metadataVersion"), why)


def check(body: Mapping[str, Any], old: Mapping[str, Any] | None) -> Iterator[Refusal]:
    """Refusals of a Strimzi object; `old` is the same object as it stands, where it does."""
    kind = str(body.get("kind"))
    if not str(body.get("apiVersion", "")).startswith(f"{GROUP}/"):
        return
    yield from forbidden.check(body)
    yield from fragments.check(body.get("spec"), ("spec",))
    labels = at(body, "metadata", "labels")
    if kind in _LABELLED and not (isinstance(labels, Mapping) and labels.get("strimzi.io/cluster")):
        template = at(body, "metadata", "annotations")
        if not (isinstance(template, Mapping) and template.get("strimzi.io/rebalance-template") == "true"):
            why = "no operator takes an object without this label: name the Kafka (or Connect) cluster"
            yield law("cluster-label-missing", ("metadata", "labels", "strimzi.io/cluster"), why)
    if kind in {"Kafka", "KafkaConnect", "KafkaMirrorMaker2"}:
        yield from _versions(body)
    if kind == "Kafka":
        yield from _listeners(body)
        yield from strimzi_listeners.check(body)
        yield from _kafka_change(body, old) if old else ()
    elif kind == "KafkaNodePool":
        yield from _storage(body)
        yield from _pool_change(body, old) if old else ()
    elif kind == "KafkaTopic":
        yield from _topic_config(body)
        yield from _topic_change(body, old) if old else ()
