"""Services: what the API server asks of them beyond their schema.

Owns      types, ports and their names, ranges of sources.
Refuses   addresses: which are free, only the cluster knows.
"""

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.clouds.kubernetes.wire import at, dotted, items
from sandbox.contract import Refusal

Path = tuple[str | int, ...]
_WORDS: Mapping[str, tuple[str, ...]] = {
    "externalTrafficPolicy": ("Cluster", "Local"),
    "internalTrafficPolicy": ("Cluster", "Local"),
    "ipFamilyPolicy": ("PreferDualStack", "RequireDualStack", "SingleStack"),
    "sessionAffinity": ("ClientIP", "None"),
    "type": ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort"),
}
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")


def _invalid(path: Path, why: str) -> Refusal:
    return Refusal("law", "Invalid", f"{dotted(path)}: {why}", path)


def check(body: Mapping[str, Any]) -> Iterator[Refusal]:
    """Refusals of a Service."""
    spec = body.get("spec")
    for field, allowed in _WORDS.items():
        if isinstance(value := at(spec, field), str) and value not in allowed:
            named = ", ".join(f'"{one}"' for one in allowed)
            yield _invalid(("spec", field), f'Unsupported value: "{value}": supported values: {named}')
    ports = items(at(spec, "ports"))
    address = at(spec, "clusterIP")
    if not ports and address != "None" and at(spec, "type") != "ExternalName":
        yield _invalid(("spec", "ports"), "Required value")
    if isinstance(address, str) and address not in {"", "None"} and not _is_address(address):
        yield _invalid(("spec", "clusterIP"), f'Invalid value: "{address}": must be a valid IP address')
    for index, block in enumerate(at(spec, "loadBalancerSourceRanges") or ()):
        if isinstance(block, str) and not _is_range(block):
            where = ("spec", "loadBalancerSourceRanges", index)
            yield _invalid(where, f'Invalid value: "{block}": must be a valid CIDR value')
    yield from _ports(ports)


def _ports(ports: list[Mapping[str, Any]]) -> Iterator[Refusal]:
    names: set[Any] = set()
    numbers: set[Any] = set()
    for index, port in enumerate(ports):
        path: Path = ("spec", "ports", index)
        name, number = port.get("name"), (port.get("protocol") or "TCP", port.get("port"))
        if not name and len(ports) > 1:
            yield _invalid((*path, "name"), "Required value")
        elif isinstance(name, str) and name:
            if not _LABEL.fullmatch(name):
                why = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-'"
                yield _invalid((*path, "name"), f'Invalid value: "{name}": {why}')
            if name in names:
                yield _invalid((*path, "name"), f'Duplicate value: "{name}"')
            names.add(name)
        if all(isinstance(part, str | int | float) for part in number):
            if number in numbers:
                yield _invalid(path, f"Duplicate value: {number[0]} {number[1]}")
            numbers.add(number)


def _is_address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False


def _is_range(block: str) -> bool:
    try:
        return "/" in block and bool(ipaddress.ip_network(block.strip(), strict=False))
    except ValueError:
        return False
