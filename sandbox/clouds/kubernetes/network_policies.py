"""Network policies: what the API server asks of them beyond their schema.

Owns      peers, blocks with their exceptions, ports and ranges of ports, policy types.
Refuses   whether anything matches: selectors may match nothing.
"""

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.clouds.kubernetes.wire import at, dotted, has_unknown, items
from sandbox.contract import UNKNOWN, Refusal

Path = tuple[str | int, ...]
_NAMED = re.compile(r"(?!.*--)[a-z0-9]([a-z0-9-]*[a-z0-9])?")


def _invalid(path: Path, why: str) -> Refusal:
    return Refusal("law", "Invalid", f"{dotted(path)}: {why}", path)


def port_name(value: str) -> str:
    """Why a text is no name of a port, in the API server's words; empty where it is one."""
    if len(value) > 15:
        return "must be no more than 15 characters"
    if not _NAMED.fullmatch(value):
        return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"
    return "" if re.search("[a-z]", value) else "must contain at least one letter (a-z)"


def check(body: Mapping[str, Any]) -> Iterator[Refusal]:
    """Refusals of a NetworkPolicy."""
    types = at(body, "spec", "policyTypes")
    if isinstance(types, list | tuple) and len(types) > 2:
        yield _invalid(("spec", "policyTypes"), "Invalid value: may not specify more than two policyTypes")
    for direction, end in (("ingress", "from"), ("egress", "to")):
        for index, rule in enumerate(items(at(body, "spec", direction))):
            path: Path = ("spec", direction, index)
            for number, port in enumerate(items(rule.get("ports"))):
                yield from _port(port, (*path, "ports", number))
            for number, peer in enumerate(items(rule.get(end))):
                yield from _peer(peer, (*path, end, number))


def _port(given: Mapping[str, Any], path: Path) -> Iterator[Refusal]:
    port, last = given.get("port"), given.get("endPort")
    if isinstance(port, str) and (why := port_name(port)):
        yield _invalid((*path, "port"), f'Invalid value: "{port}": {why}')
    if last is None or last is UNKNOWN or port is UNKNOWN:
        return
    if not isinstance(port, int | float):
        yield _invalid((*path, "endPort"), f"Invalid value: {last}: may not be specified when `port` is non-numeric")
    elif isinstance(last, int | float) and last < port:
        yield _invalid((*path, "endPort"), f"Invalid value: {last}: must be greater than or equal to `port`")


def _peer(peer: Mapping[str, Any], path: Path) -> Iterator[Refusal]:
    given = [key for key in ("ipBlock", "namespaceSelector", "podSelector") if peer.get(key) is not None]
    if not given and not has_unknown(peer):
        yield _invalid(path, "Required value: must specify a peer")
    if "ipBlock" in given and len(given) > 1:
        yield _invalid(path, "Forbidden: may not specify both ipBlock and another peer")
    block = at(peer, "ipBlock", "cidr")
    if not isinstance(block, str):
        return
    where = (*path, "ipBlock")
    inside = _range(block)
    if inside is None:
        yield _invalid((*where, "cidr"), f'Invalid value: "{block}": must be a valid CIDR value, (e.g. 10.9.8.0/24)')
        return
    for index, one in enumerate(at(peer, "ipBlock", "except") or ()):
        if not isinstance(one, str):
            continue
        out = _range(one)
        if out is None:
            yield _invalid((*where, "except", index), f'Invalid value: "{one}": must be a valid CIDR value')
        elif out.version != inside.version or not _within(out, inside) or out.prefixlen <= inside.prefixlen:
            yield _invalid((*where, "except", index), f'Invalid value: "{one}": must be a strict subset of `cidr`')


def _range(block: str) -> Any:
    """The addresses of a block, None where it is none: without a mask it is an address."""
    try:
        return ipaddress.ip_network(block) if "/" in block else None
    except ValueError:
        return None


def _within(one: Any, other: Any) -> bool:
    return bool(one.subnet_of(other))
