"""Compute Engine: firewall rules of a network.

Owns      their API model, ids, immutable properties and laws.
Refuses   to say whether a packet passes.
"""

import ipaddress
import re
from collections.abc import Iterator

from sandbox.clouds.gcp import tokens
from sandbox.clouds.gcp.forms import normal
from sandbox.clouds.gcp.links import COMPUTE, network_name, project, values
from sandbox.clouds.gcp.networks import FORCE_NEW
from sandbox.clouds.gcp.rules import (
    COMPUTE_NAME,
    SHAPE,
    api_on,
    deletable,
    given,
    matches,
    on,
    own_project,
    refers,
    refusal,
    within_quota,
)
from sandbox.contract import UNKNOWN, ApiModel, Properties, Refusal, Request, TypeModel, World

PROTOCOLS = frozenset({"all", "tcp", "udp", "icmp", "esp", "ah", "ipip", "sctp"})
WITH_PORTS = frozenset({"tcp", "udp", "sctp", "6", "17", "132"})


def firewall_id(request: Request, _: World) -> str:
    """`projects/<p>/global/firewalls/<n>`."""
    return f"projects/{project(request)}/global/firewalls/{request.inputs['name']}"


def firewall_outputs(request: Request, _: World, id: str) -> Properties:
    """What Compute Engine adds to a rule."""
    egress = request.inputs.get("direction") == "EGRESS"
    return {"destinationRanges": ["0.0.0.0/0"] if egress else [], **request.inputs, "selfLink": f"{COMPUTE}{id}"}


@on(*SHAPE)
def one_action(request: Request, _: World) -> Iterator[Refusal]:
    """A rule allows or denies."""
    if bool(request.inputs.get("allows")) == bool(request.inputs.get("denies")):
        yield refusal("invalid", "exactly one of 'allows' and 'denies' must be given", ("allows",))


@on(*SHAPE)
def protocols(request: Request, _: World) -> Iterator[Refusal]:
    """Protocols by name or number; ports only where the protocol has any, lowest first."""
    for side in ("allows", "denies"):
        for at, item in values(request.inputs, f"{side}[]"):
            name = item.get("protocol")
            if not isinstance(name, str):
                continue
            if name.lower() not in PROTOCOLS and not (name.isdigit() and int(name) < 256):
                allowed = ", ".join(sorted(PROTOCOLS))
                yield refusal("invalid", f"protocol '{name}' is unknown: {allowed}, or a number", (*at, "protocol"))
            if item.get("ports") and name.lower() not in WITH_PORTS:
                yield refusal("invalid", f"protocol '{name}' has no ports", (*at, "ports"))
            for at_port, port in values(item, "ports[]"):
                yield from _port(port, (*at, *at_port))


def _port(port: str, at: tuple[str | int, ...]) -> Iterator[Refusal]:
    found = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", port)
    low = int(found[1]) if found else -1
    high = int(found[2] or found[1]) if found else -1
    if not 0 <= low <= high <= 65535:
        yield refusal("invalid", f"port '{port}' must be a port or a range such as '9092-9099'", at)


@on(*SHAPE)
def direction_and_peers(request: Request, _: World) -> Iterator[Refusal]:
    """Ingress has sources, egress has destinations; tags and accounts exclude each other."""
    inputs = request.inputs
    sources = [name for name in ("sourceRanges", "sourceTags", "sourceServiceAccounts") if inputs.get(name)]
    egress = inputs.get("direction") == "EGRESS"
    if egress and sources:
        yield refusal("invalid", f"an EGRESS rule cannot have '{sources[0]}'", (sources[0],))
    known = not any(inputs.get(name) is UNKNOWN for name in ("direction", "sourceRanges", "sourceTags"))
    if known and not egress and not sources:
        yield refusal("invalid", "an INGRESS rule needs sourceRanges, sourceTags or sourceServiceAccounts", ())
    tags = [n for n in ("sourceTags", "targetTags") if inputs.get(n)]
    accounts = [n for n in ("sourceServiceAccounts", "targetServiceAccounts") if inputs.get(n)]
    if tags and accounts:
        yield refusal("invalid", f"'{accounts[0]}' cannot be combined with '{tags[0]}'", (accounts[0],))


@on(*SHAPE)
def numbers_and_ranges(request: Request, _: World) -> Iterator[Refusal]:
    """Priority in 16 bits; ranges of one family each, without host bits."""
    priority = request.inputs.get("priority")
    if isinstance(priority, int) and not 0 <= priority <= 65535:
        message = f"invalid value for field 'priority': '{priority}': must be between 0 and 65535"
        yield refusal("invalid", message, ("priority",))
    for path in ("sourceRanges[]", "destinationRanges[]"):
        for at, text in values(request.inputs, path):
            try:
                ipaddress.ip_network(text)
            except ValueError:
                message = f"invalid value for field '{path[:-2]}': '{text}': must be an IP range without host bits"
                yield refusal("invalid", message, at)


MOST = {"sourceTags": 30, "targetTags": 70, "sourceServiceAccounts": 10, "targetServiceAccounts": 10,
        "sourceRanges": 5000, "destinationRanges": 5000}  # fmt: skip
"""cloud.google.com/firewall/docs/quotas, per rule (general knowledge of it, 2026-11)."""


@on(*SHAPE)
def not_too_many(request: Request, _: World) -> Iterator[Refusal]:
    """Members of a rule's lists."""
    for name, most in MOST.items():
        found = len(list(values(request.inputs, f"{name}[]")))
        if found > most:
            yield refusal("invalid", f"'{name}' has {found} entries: a rule takes {most}", (name,))


TYPES = (
    TypeModel(
        token=tokens.FIREWALL,
        api=ApiModel(
            source="discovery",
            service="compute.v1",
            shape="Firewall",
            rename={
                "project": "",
                "deletionPolicy": "",
                "enableLogging": "",
                "allows": "allowed",
                "allows[].protocol": "allowed[].IPProtocol",
                "allows[].ports": "allowed[].ports",
                "denies": "denied",
                "denies[].protocol": "denied[].IPProtocol",
                "denies[].ports": "denied[].ports",
            },
            constants={"logConfig.enable": True},
        ),
        identify=firewall_id,
        outputs=firewall_outputs,
        immutable=dict.fromkeys(("name", "network", "project", "direction"), FORCE_NEW),
        laws=(
            COMPUTE_NAME,
            matches("targetTags[]", r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"),
            matches("sourceTags[]", r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"),
            given("name"),
            own_project,
            one_action,
            protocols,
            direction_and_peers,
            numbers_and_ranges,
            not_too_many,
            refers("network", tokens.NETWORK, lambda r, v: network_name(v, project(r))),
            api_on("compute"),
            within_quota,
            deletable,
        ),
        normalize=normal(
            {"priority": 1000, "direction": "INGRESS"},
            sets=("sourceRanges", "destinationRanges", "sourceTags", "targetTags", "allows", "denies",
                  "sourceServiceAccounts", "targetServiceAccounts"),
            lower=("allows[].protocol", "denies[].protocol"),
        ),
        unique=("name",),
    ),
)  # fmt: skip
