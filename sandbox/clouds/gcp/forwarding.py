"""Compute Engine: regional forwarding rules, as endpoint of a consumer or in front of an internal load balancer.

Owns      their API model, id, address, connection status and laws.
Refuses   health and backends: whether anybody answers behind a rule is not told here.
"""

from collections.abc import Iterator

from sandbox.clouds.gcp import allocation, connections, tokens
from sandbox.clouds.gcp.addresses import external
from sandbox.clouds.gcp.forms import normal
from sandbox.clouds.gcp.links import (
    COMPUTE,
    decimal,
    fingerprint,
    network_name,
    project,
    region,
    regional_name,
    relative,
    segment,
    values,
)
from sandbox.clouds.gcp.networks import REGION, force_new
from sandbox.clouds.gcp.quotas import INTERNAL_RULES, QUOTAS
from sandbox.clouds.gcp.rules import (
    COMPUTE_NAME,
    SHAPE,
    WORLD,
    api_on,
    deletable,
    given,
    labels,
    on,
    over,
    own_project,
    refers,
    refusal,
    same_region,
    unused,
)
from sandbox.contract import UNKNOWN, ApiModel, Properties, Record, Refusal, Request, TypeModel, World

_SOURCE = force_new("compute/resource_compute_forwarding_rule.go", "00bf104")
SCHEMES = ("", "EXTERNAL", "EXTERNAL_MANAGED", "INTERNAL", "INTERNAL_MANAGED")
BACKEND = "gcp:compute/regionBackendService:RegionBackendService"
MOST_PORTS = 5
_PORTS = ("ports", "portRange", "allPorts")


def rule_id(request: Request, _: World) -> str:
    """`projects/<p>/regions/<r>/forwardingRules/<n>`."""
    return f"projects/{project(request)}/regions/{region(request)}/forwardingRules/{request.inputs['name']}"


def _reserved(request: Request, world: World) -> Record | None:
    text = request.inputs.get("ipAddress")
    return allocation.reserved(world, text, project(request), region(request)) if isinstance(text, str) else None


def _network(request: Request, world: World) -> str:
    """The network of the rule's subnetwork, else the one that it names."""
    subnetwork, said = allocation.asked_subnetwork(request, world), request.inputs.get("network")
    if subnetwork is not None:
        return network_name(str(subnetwork.inputs["network"]), subnetwork.scope.account)
    return network_name(said, project(request)) if isinstance(said, str) else ""


def _address(request: Request, world: World) -> str:
    if request.old is not None:
        return str(request.old.outputs["ipAddress"])
    held = _reserved(request, world)
    if held is not None:
        return str(held.outputs["address"])
    said = request.inputs.get("ipAddress")
    if isinstance(said, str) and allocation.is_address(said):
        return said
    subnetwork = allocation.asked_subnetwork(request, world)
    return (allocation.free(world, subnetwork) if subnetwork else None) or external(world)


def rule_outputs(request: Request, world: World, id: str) -> Properties:
    """The address is a number, whatever the program wrote; a consumer's rule has a connection and its status."""
    held, subnetwork = _reserved(request, world), allocation.asked_subnetwork(request, world)
    labelled = dict(request.inputs.get("labels") or {})
    network = _network(request, world)
    cut = subnetwork.id if subnetwork else (allocation.subnetwork_of(held) if held else "")
    outputs = {
        "ipProtocol": "TCP",
        "ipVersion": "IPV4",
        "networkTier": "PREMIUM",
        "allowGlobalAccess": False,
        **request.inputs,
        "ipAddress": _address(request, world),
        "network": f"{COMPUTE}{network}" if network else "",
        "subnetwork": f"{COMPUTE}{cut}" if cut else "",
        "effectiveLabels": labelled,
        "pulumiLabels": labelled,
        "labelFingerprint": fingerprint(repr(sorted(labelled.items()))),
        "forwardingRuleId": int(decimal(id, 15)),
        "baseForwardingRule": "",
        "serviceName": "",
        "selfLink": f"{COMPUTE}{id}",
        "pscConnectionId": "",
        "pscConnectionStatus": "",
    }
    if not connections.is_target(request.inputs.get("target")):
        return outputs
    old = request.old.outputs if request.old else {}
    same = relative(str(old.get("target", ""))) == relative(str(request.inputs["target"]))
    outputs["pscConnectionId"] = (same and old.get("pscConnectionId")) or str(
        10**16 + world.sequence("gcp/psc-connections")
    )
    outputs["pscConnectionStatus"] = old.get("pscConnectionStatus", "") if same else ""
    itself = Record(request.urn, request.type, id, request.scope, request.inputs, outputs)
    return {**outputs, "pscConnectionStatus": connections.status(world, itself)}


def observed(record: Record, world: World) -> Properties:
    """Whether the provider of the service lets the connection in, as it stands now."""
    if not connections.is_target(record.inputs.get("target")):
        return {}
    return {"pscConnectionStatus": connections.status(world, record)}


@on(*SHAPE)
def scheme(request: Request, _: World) -> Iterator[Refusal]:
    """A consumer's endpoint has no scheme; a load balancer's rule has one, and a backend service."""
    inputs = request.inputs
    found, target = inputs.get("loadBalancingScheme"), inputs.get("target")
    if isinstance(found, str) and found not in SCHEMES:
        message = f"loadBalancingScheme '{found}' must be one of {', '.join(repr(s) for s in SCHEMES)}"
        yield refusal("invalid", message, ("loadBalancingScheme",))
    if target is UNKNOWN or found is UNKNOWN:
        return
    if connections.is_target(target):
        if found != "":
            message = f"a forwarding rule to a service attachment has loadBalancingScheme '', not '{found}'"
            yield refusal("invalid", message, ("loadBalancingScheme",))
        for name in ("backendService", *_PORTS, "subnetwork", "allowGlobalAccess", "sourceIpRanges"):
            if inputs.get(name):
                yield refusal("invalid", f"'{name}' cannot be given for a rule to a service attachment", (name,))
        for name in ("network", "ipAddress"):
            if name not in inputs:
                yield refusal("required", f"'{name}' is required for a rule to a service attachment", (name,))
    elif inputs.get("allowPscGlobalAccess"):
        message = "'allowPscGlobalAccess' is for rules whose target is a service attachment"
        yield refusal("invalid", message, ("allowPscGlobalAccess",))
    elif found == "INTERNAL":
        yield from _passthrough(inputs)


def _passthrough(inputs: Properties) -> Iterator[Refusal]:
    if inputs.get("target"):
        yield refusal("invalid", "an INTERNAL rule has a backendService, no target", ("target",))
    if "backendService" not in inputs:
        yield refusal("required", "'backendService' is required for an INTERNAL rule", ("backendService",))
    if "subnetwork" not in inputs:
        message = "'subnetwork' is required: the network is in custom subnet mode"
        yield refusal("required", message, ("subnetwork",))
    if inputs.get("portRange"):
        yield refusal("invalid", "an INTERNAL rule takes 'ports' or 'allPorts', no 'portRange'", ("portRange",))


@on(*SHAPE)
def ports(request: Request, _: World) -> Iterator[Refusal]:
    """Up to five ports, a range, or all; one of the three."""
    said = [name for name in _PORTS if request.inputs.get(name) not in (None, False, [], UNKNOWN)]
    if len(said) > 1:
        yield refusal("invalid", f"{' and '.join(said)} exclude each other", (said[1],))
    known = not any(request.inputs.get(name) is UNKNOWN for name in _PORTS)
    if request.inputs.get("loadBalancingScheme") == "INTERNAL" and not said and known:
        yield refusal("required", "an INTERNAL rule needs 'ports' or 'allPorts'", ("ports",))
    listed = list(values(request.inputs, "ports[]"))
    if len(listed) > MOST_PORTS:
        yield refusal("invalid", f"{len(listed)} ports: a rule takes {MOST_PORTS}, or allPorts", ("ports",))
    for at, text in listed:
        if not str(text).isdigit() or not 1 <= int(text) <= 65535:
            yield refusal("invalid", f"invalid value for field 'ports': '{text}': must be from 1 to 65535", at)


@on(*WORLD)
def its_address(request: Request, world: World) -> Iterator[Refusal]:
    """The address exists, is of the right kind and network, and serves nothing else."""
    at = ("ipAddress",)
    said = request.inputs.get("ipAddress")
    if not isinstance(said, str):
        subnetwork = allocation.asked_subnetwork(request, world)
        if request.old is None and subnetwork is not None and allocation.free(world, subnetwork) is None:
            message = f"IP space of '{subnetwork.id}' is exhausted"
            yield refusal("IP_SPACE_EXHAUSTED", message, ("subnetwork",))
        return
    held = _reserved(request, world)
    endpoint = connections.is_target(request.inputs.get("target"))
    if held is None:
        if not allocation.is_address(said):
            yield refusal("notFound", f"the resource '{relative(said)}' was not found", at)
        elif endpoint:
            message = f"'{said}' is no reserved internal address: a service attachment's rule needs one"
            yield refusal("invalid", message, at)
        yield from _literal(request, world, said)
        return
    internal = request.inputs.get("loadBalancingScheme") in ("", "INTERNAL", "INTERNAL_MANAGED")
    if (held.inputs.get("addressType") == "INTERNAL") != internal:
        kind = "INTERNAL" if internal else "EXTERNAL"
        yield refusal("invalid", f"address '{held.id}' must be {kind} for this rule", at)
        return
    cut = allocation.subnetwork_of(held)
    subnetwork = world.find(tokens.SUBNETWORK, cut) if cut else None
    wanted = request.inputs.get("network")
    if subnetwork is not None and isinstance(wanted, str):
        network = network_name(str(subnetwork.inputs["network"]), subnetwork.scope.account)
        if network != network_name(wanted, project(request)):
            message = f"address '{held.id}' is in network '{network}', the rule in '{wanted}'"
            yield refusal("invalid", message, at)
    own = request.inputs.get("subnetwork")
    if isinstance(own, str) and cut and cut != regional_name(own, "subnetworks", project(request), region(request)):
        yield refusal("invalid", f"address '{held.id}' is not of subnetwork '{own}'", at)
    if held.inputs.get("purpose") == "SHARED_LOADBALANCER_VIP":
        return
    for other in allocation.users(world, held):
        if request.old is None or other.id != request.old.id:
            message = f"IP '{held.outputs['address']}' is already being used by '{other.id}'"
            yield refusal("IP_IN_USE_BY_ANOTHER_RESOURCE", message, at)


def _literal(request: Request, world: World, said: str) -> Iterator[Refusal]:
    subnetwork = allocation.asked_subnetwork(request, world)
    if subnetwork is None or not allocation.is_address(said):
        return
    if not allocation.inside(subnetwork, said):
        message = f"IP '{said}' is outside of the usable range of '{subnetwork.id}'"
        yield refusal("invalid", message, ("ipAddress",))
    for address, other in allocation.taken(world, subnetwork.id):
        if address == said and (request.old is None or other.id != request.old.id):
            message = f"IP '{said}' is already being used by '{other.id}'"
            yield refusal("IP_IN_USE_BY_ANOTHER_RESOURCE", message, ("ipAddress",))


@on(*WORLD)
def leads_somewhere(request: Request, world: World) -> Iterator[Refusal]:
    """The attachment or backend service exists, in the rule's own region; subnetworks for NAT hold no rule."""
    target, backend = request.inputs.get("target"), request.inputs.get("backendService")
    if isinstance(target, str) and connections.is_target(target):
        where = segment(relative(target), "regions")
        if where != region(request):
            message = f"the service attachment is in region '{where}', the rule in '{region(request)}'"
            yield refusal("invalid", message, ("target",))
        elif connections.find(world, target) is None:
            yield refusal("notFound", f"the resource '{relative(target)}' was not found", ("target",))
    if isinstance(backend, str) and backend:
        name = backend.rsplit("/", 1)[-1]
        if not any(r.inputs.get("name") == name for r in world.all(BACKEND, request.scope)):
            yield refusal("notFound", f"the resource '{relative(backend)}' was not found", ("backendService",))
    subnetwork = allocation.asked_subnetwork(request, world)
    if subnetwork is not None and subnetwork.inputs.get("purpose") != "PRIVATE":
        message = f"subnetwork '{subnetwork.id}' has purpose {subnetwork.inputs.get('purpose')}: rules need PRIVATE"
        yield refusal("invalid", message, ("subnetwork",))


@on("create")
def within_quota(request: Request, world: World) -> Iterator[Refusal]:
    """Endpoints and internal rules are counted by network, external ones by region."""
    rules = world.all(tokens.FORWARDING_RULE)
    if request.inputs.get("loadBalancingScheme") not in ("", "INTERNAL", "INTERNAL_MANAGED"):
        outside = [r for r in rules if str(r.inputs.get("loadBalancingScheme")).startswith("EXTERNAL")]
        mine = [r for r in outside if r.scope.account == request.scope.account]
        yield from over(QUOTAS[tokens.FORWARDING_RULE], request, mine)
        return
    network = _network(request, world)
    have = [r for r in rules if relative(str(r.outputs.get("network"))) == network]
    if network and len(have) >= INTERNAL_RULES.limit:
        message = f"quota '{INTERNAL_RULES.metric}' exceeded, limit: {INTERNAL_RULES.limit} per network ({network})"
        yield refusal("quotaExceeded", message)


TYPES = (
    TypeModel(
        token=tokens.FORWARDING_RULE,
        api=ApiModel(
            source="discovery",
            service="compute.v1",
            shape="ForwardingRule",
            rename={"project": "", "deletionPolicy": "", "recreateClosedPsc": "", "loadBalancingScheme": ""},
            constants={},
        ),
        identify=rule_id,
        outputs=rule_outputs,
        immutable=dict.fromkeys(
            ("name", "region", "project", "ipAddress", "ipProtocol", "ipVersion", "ipCollection", "allPorts",
             "backendService", "description", "isMirroringCollector", "loadBalancingScheme", "network", "networkTier",
             "noAutomateDnsZone", "portRange", "ports", "serviceDirectoryRegistrations", "serviceLabel",
             "sourceIpRanges", "subnetwork"),
            _SOURCE,
        ),
        laws=(
            COMPUTE_NAME,
            given("name", "region"),
            own_project,
            REGION,
            labels("labels"),
            scheme,
            ports,
            same_region("subnetwork"),
            refers("network", tokens.NETWORK, lambda r, v: network_name(v, project(r))),
            refers(
                "subnetwork", tokens.SUBNETWORK, lambda r, v: regional_name(v, "subnetworks", project(r), region(r))
            ),
            its_address,
            leads_somewhere,
            api_on("compute"),
            within_quota,
            deletable,
            unused(tokens.SERVICE_ATTACHMENT),
        ),
        normalize=normal({"loadBalancingScheme": "EXTERNAL", "recreateClosedPsc": False}, sets=("ports",)),
        unique=("name",),
        unique_in="parent:region",
        reshaped=("ipAddress", "network", "subnetwork"),
        observed=observed,
    ),
)  # fmt: skip
