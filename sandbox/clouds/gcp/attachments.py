"""Compute Engine: service attachments, the provider's side of Private Service Connect.

Owns      their API model, id, connected endpoints and laws: NAT subnetworks of their own, consumers and limits.
Refuses   tunnelling and propagated connections. One with connected endpoints may go, as at Google: they are CLOSED.
"""

from collections.abc import Iterator

from sandbox.clouds.gcp import connections, tokens
from sandbox.clouds.gcp.forms import normal
from sandbox.clouds.gcp.links import COMPUTE, decimal, fingerprint, network_name, project, region, regional_name, values
from sandbox.clouds.gcp.networks import REGION, force_new
from sandbox.clouds.gcp.rules import (
    COMPUTE_NAME,
    SHAPE,
    WORLD,
    api_on,
    deletable,
    given,
    on,
    own_project,
    refers,
    refusal,
    same_region,
    within_quota,
)
from sandbox.contract import ApiModel, Properties, Record, Refusal, Request, TypeModel, World

_SOURCE = force_new("compute/resource_compute_service_attachment.go", "00ef459")
PURPOSE = "PRIVATE_SERVICE_CONNECT"
_KINDS = ("projectIdOrNum", "networkUrl", "endpointUrl")


def attachment_id(request: Request, _: World) -> str:
    """`projects/<p>/regions/<r>/serviceAttachments/<n>`."""
    return f"projects/{project(request)}/regions/{region(request)}/serviceAttachments/{request.inputs['name']}"


def attachment_outputs(request: Request, _: World, id: str) -> Properties:
    """What Compute Engine adds to an attachment."""
    return {
        "reconcileConnections": False,
        "propagatedConnectionLimit": 250,
        **request.inputs,
        "fingerprint": fingerprint(id + repr(sorted(map(repr, request.inputs.items())))),
        "pscServiceAttachmentIds": [{"high": decimal(id, 18), "low": decimal(id[::-1], 18)}],
        "connectedEndpoints": request.old.outputs.get("connectedEndpoints", []) if request.old else [],
        "selfLink": f"{COMPUTE}{id}",
    }


def observed(record: Record, world: World) -> Properties:
    """The endpoints that are connected now, or wait to be."""
    policy = connections.find(world, record.id)
    endpoints = connections.rules(world, policy) if policy else []
    found = connections.statuses(policy, endpoints) if policy else {}
    return {
        "connectedEndpoints": [
            {
                "endpoint": endpoint.outputs.get("selfLink"),
                "status": found[endpoint.id],
                "pscConnectionId": endpoint.outputs.get("pscConnectionId"),
                "consumerNetwork": endpoint.outputs.get("network"),
                "natIps": [],
                "propagatedConnectionCount": 0,
            }
            for endpoint in endpoints
        ]
    }


@on(*SHAPE)
def consumers(request: Request, _: World) -> Iterator[Refusal]:
    """Each entry says one consumer, all of one kind and each once; lists go with manual acceptance."""
    kinds: set[str] = set()
    seen: set[str] = set()
    accept = list(values(request.inputs, "consumerAcceptLists[]"))
    for at, item in accept:
        said = [name for name in _KINDS if item.get(name)]
        if len(said) != 1:
            message = f"a consumer is one of {', '.join(_KINDS)}: {len(said)} are given"
            yield refusal("invalid", message, at)
            continue
        kinds.add(said[0])
        who = item[said[0]]
        if isinstance(who, str) and who in seen:
            yield refusal("invalid", f"consumer '{who}' is listed twice", (*at, said[0]))
        seen.add(str(who))
        limit = item.get("connectionLimit")
        if isinstance(limit, int) and limit < 0:
            yield refusal("invalid", f"connectionLimit {limit} must not be negative", (*at, "connectionLimit"))
    if len(kinds) > 1:
        message = f"the lists must hold consumers of one kind, not {' and '.join(sorted(kinds))}"
        yield refusal("invalid", message, ("consumerAcceptLists",))
    if accept and request.inputs.get("connectionPreference") == "ACCEPT_AUTOMATIC":
        message = "consumerAcceptLists go with connectionPreference ACCEPT_MANUAL"
        yield refusal("invalid", message, ("consumerAcceptLists",))


@on(*SHAPE)
def domain(request: Request, _: World) -> Iterator[Refusal]:
    """At most one name, with its final dot."""
    found = list(values(request.inputs, "domainNames[]"))
    if len(found) > 1:
        yield refusal("invalid", f"{len(found)} domain names: an attachment takes one", ("domainNames",))
    for at, name in found:
        if not name.endswith("."):
            yield refusal("invalid", f"invalid value for field 'domainNames': '{name}' must end with a dot", at)


@on(*WORLD)
def nat_of_its_own(request: Request, world: World) -> Iterator[Refusal]:
    """NAT subnetworks are for Private Service Connect, and no other attachment uses them."""
    used = dict(connections.nat_subnetworks(world))
    mine = attachment_id(request, world)
    for at, text in values(request.inputs, "natSubnets[]"):
        name = regional_name(text, "subnetworks", project(request), region(request))
        found = world.find(tokens.SUBNETWORK, name)
        if found is not None and found.inputs.get("purpose") != PURPOSE:
            message = f"subnetwork '{name}' has purpose {found.inputs.get('purpose')}: NAT subnets need {PURPOSE}"
            yield refusal("invalid", message, at)
        if used.get(name, mine) != mine:
            message = f"subnetwork '{name}' is already being used by '{used[name]}'"
            yield refusal("resourceInUseByAnotherResource", message, at)


@on(*WORLD)
def internal_target(request: Request, world: World) -> Iterator[Refusal]:
    """The target is an internal forwarding rule, in the network of the NAT subnetworks."""
    name = regional_name(str(request.inputs.get("targetService")), "forwardingRules", project(request), region(request))
    rule = world.find(tokens.FORWARDING_RULE, name)
    if rule is None:
        yield refusal("notFound", f"the resource '{name}' was not found", ("targetService",))
        return
    if rule.inputs.get("loadBalancingScheme") not in ("INTERNAL", "INTERNAL_MANAGED"):
        message = f"'{name}' is not the forwarding rule of an internal load balancer"
        yield refusal("invalid", message, ("targetService",))
    network = network_name(str(rule.outputs.get("network")), rule.scope.account)
    for at, text in values(request.inputs, "natSubnets[]"):
        found = world.find(tokens.SUBNETWORK, regional_name(text, "subnetworks", project(request), region(request)))
        if found is not None and network_name(str(found.inputs["network"]), found.scope.account) != network:
            yield refusal("invalid", f"subnetwork '{found.id}' is not in the network '{network}' of the target", at)


TYPES = (
    TypeModel(
        token=tokens.SERVICE_ATTACHMENT,
        api=ApiModel(
            source="discovery",
            service="compute.v1",
            shape="ServiceAttachment",
            rename={
                "project": "",
                "deletionPolicy": "",
                "sendPropagatedConnectionLimitIfZero": "",
                "showNatIps": "",
                "tunnelingConfig": "",
            },
            constants={},
        ),
        identify=attachment_id,
        outputs=attachment_outputs,
        immutable=dict.fromkeys(("name", "targetService", "domainNames", "region", "project"), _SOURCE),
        laws=(
            COMPUTE_NAME,
            given("name", "region"),
            own_project,
            REGION,
            consumers,
            domain,
            same_region("natSubnets[]"),
            same_region("targetService"),
            refers(
                "natSubnets[]",
                tokens.SUBNETWORK,
                lambda r, v: regional_name(v, "subnetworks", project(r), region(r)),
            ),
            nat_of_its_own,
            internal_target,
            api_on("compute"),
            within_quota,
            deletable,
        ),
        normalize=normal(sets=("consumerAcceptLists",)),
        unique=("name",),
        unique_in="parent:region",
        observed=observed,
    ),
)
