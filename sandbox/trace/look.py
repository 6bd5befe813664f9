"""How a trace looks at the world: every type read once, and the small questions that all of it asks.

Owns      access to records by type, by owner and by name, and arithmetic of addresses.
Refuses   to write, and to know what a record is for.
"""

import ipaddress
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sandbox.contract import Record, Scope, World
from sandbox.trace.result import Hop, Kind, Verdict

Address = ipaddress.IPv4Address
Network = ipaddress.IPv4Network


class Look:
    """A world that does not change while it is looked at."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._read: dict[str, Sequence[Record]] = {}

    def all(self, type: str, scope: Scope | None = None) -> list[Record]:
        """Records of a type, of one account where a scope is given."""
        if type not in self._read:
            self._read[type] = self._world.all(type)
        return [one for one in self._read[type] if scope is None or one.scope.account == scope.account]

    def where(self, type: str, /, **inputs: Any) -> list[Record]:
        """Records of a type whose inputs hold these values."""
        return [one for one in self.all(type) if all(one.inputs.get(key) == value for key, value in inputs.items())]

    def find(self, type: str, id: str) -> Record | None:
        """The record of a type with this id, whatever its case (Azure's ids have none)."""
        return next((one for one in self.all(type) if one.id.lower() == id.lower()), None)

    def kind(self, kind: str, scope: Scope) -> list[Record]:
        """Kubernetes objects of a kind, in whatever version, in the Kubernetes of a scope."""
        if not self._read.get("kubernetes"):
            self._read["kubernetes"] = self._kubernetes()
        return [
            one
            for one in self._read["kubernetes"]
            if one.type.rpartition(":")[2] == kind and one.scope.account == scope.account
        ]

    def clusters(self, kind: str) -> list[Record]:
        """Kubernetes objects of a kind, in every Kubernetes."""
        if not self._read.get("kubernetes"):
            self._read["kubernetes"] = self._kubernetes()
        return [one for one in self._read["kubernetes"] if one.type.rpartition(":")[2] == kind]

    def _kubernetes(self) -> list[Record]:
        return [one for group in _GROUPS for one in self._world.all(group)]


_GROUPS = (
    "kubernetes:kafka.strimzi.io/v1:Kafka",
    "kubernetes:kafka.strimzi.io/v1:KafkaNodePool",
    "kubernetes:core/v1:Namespace",
    "kubernetes:core/v1:Service",
    "kubernetes:helm.sh/v3:Release",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    "kubernetes:gateway.networking.k8s.io/v1:GatewayClass",
    "kubernetes:gateway.networking.k8s.io/v1:Gateway",
    "kubernetes:gateway.networking.k8s.io/v1:TLSRoute",
    "kubernetes:gateway.networking.k8s.io/v1alpha2:TCPRoute",
    "kubernetes:gateway.networking.k8s.io/v1:TCPRoute",
    "kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyProxy",
    "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding",
    "kubernetes:networking.gke.io/v1:ServiceAttachment",
    "kubernetes:networking.gke.io/v1beta1:ServiceAttachment",
)


def named(record: Record | None) -> str:
    """A record as a hop names it."""
    return "" if record is None else f"{record.type.rpartition(':')[2]} {record.id}"


def hop(kind: Kind, looked_up: str, resource: Record | str | None, verdict: Verdict, reason: str) -> Hop:
    """A hop, with its resource named."""
    return Hop(kind, looked_up, resource if isinstance(resource, str) else named(resource), verdict, reason)


def meta(record: Record, *path: str) -> Any:
    """Something of an object's metadata."""
    return at(record.inputs.get("metadata"), *path)


def at(value: Any, *path: str | int) -> Any:
    """A value inside; None where the way ends. A key of None is not looked for."""
    for key in path:
        if isinstance(key, int):
            value = value[key] if isinstance(value, list) and len(value) > key else None
        else:
            value = value.get(key) if isinstance(value, Mapping) else None
    return value


def items(value: Any) -> list[Any]:
    """A list, also where a provider gives one thing or none."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def last(path: Any) -> str:
    """Last part of a path-like id."""
    return str(path or "").rstrip("/").rpartition("/")[2]


def same(one: Any, other: Any) -> bool:
    """Whether two ids mean one thing: Azure's differ by case, GCP's by what stands before `projects/`."""
    return _bare(one) == _bare(other) != ""


def _bare(value: Any) -> str:
    text = str(value or "").lower().rstrip("/")
    start = text.find("projects/")
    return text[start:] if start > 0 and "/" in text[:start] else text


def inside(address: Address, ranges: Iterable[Any]) -> str:
    """The longest of the ranges that holds the address; empty where none does."""
    found = [net for net in map(network, ranges) if net is not None and address in net]
    return str(max(found, key=lambda net: net.prefixlen)) if found else ""


def network(text: Any) -> Network | None:
    """A range, or a single address as one; None for anything else (service tags, IPv6)."""
    try:
        return ipaddress.IPv4Network(str(text), strict=False)
    except ValueError:
        return None


def host(range_: str, number: int) -> Address:
    """A fixed address of a range: the first 16 are left to the cloud and to what people fix themselves."""
    net = ipaddress.IPv4Network(range_)
    room = max(1, net.num_addresses - 18)
    return net.network_address + 16 + number % room if net.num_addresses > 32 else net.network_address + 4 + number % 8


def number(text: str) -> int:
    """A number that depends on a text alone, the same in every run."""
    import hashlib

    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def parsed(text: Any) -> Any:
    """JSON, where a property holds it as text."""
    try:
        return json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return None
