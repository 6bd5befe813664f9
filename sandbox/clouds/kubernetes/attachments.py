"""Laws of GKE's ServiceAttachment: the private link that ends at a Service.

Owns      that the cluster is GKE's, and what the object names: a Service, and a subnet that is for nothing else.
Refuses   the attachment itself, which GKE makes of it: the cloud's side is `sandbox/clouds/gcp`.
"""

from collections.abc import Iterable, Iterator

from sandbox.clouds.kubernetes import configuration
from sandbox.clouds.kubernetes.wire import at, items
from sandbox.contract import UNKNOWN, Refusal, Request, World

TOKEN = "kubernetes:networking.gke.io/v1:ServiceAttachment"  # noqa: S105 - a type token
_SUBNET = "gcp:compute/subnetwork:Subnetwork"
_GKE = "gcp:container/cluster:Cluster"
_PREFERENCES = ("ACCEPT_AUTOMATIC", "ACCEPT_MANUAL")


def _law(code: str, field: str, why: str) -> Refusal:
    return Refusal("law", code, f"spec.{field}: {why}", ("spec", field))


def _subnets(request: Request, world: World) -> Iterator[Refusal]:
    own = (at(request.inputs, "metadata", "namespace"), at(request.inputs, "metadata", "name"))
    named = {
        str(one).rpartition("/")[2] for one in at(request.inputs, "spec", "natSubnets") or () if one is not UNKNOWN
    }
    there = {str(record.outputs.get("name")): record for record in world.all(_SUBNET)}
    for name in sorted(named):
        if name not in there:
            yield _law("subnet-not-found", "natSubnets", f"subnetwork '{name}' does not exist")
        elif (purpose := there[name].inputs.get("purpose")) != "PRIVATE_SERVICE_CONNECT":
            why = f"subnetwork '{name}' is for {purpose or 'PRIVATE'}: private links need PRIVATE_SERVICE_CONNECT"
            yield _law("subnet-purpose", "natSubnets", why)
    for record in world.all(TOKEN):
        other = (at(record.inputs, "metadata", "namespace"), at(record.inputs, "metadata", "name"))
        taken = named & {str(one).rpartition("/")[2] for one in at(record.inputs, "spec", "natSubnets") or ()}
        if taken and (other != own or record.scope.account != request.scope.account):
            yield _law("subnet-in-use", "natSubnets", f"'{min(taken)}' is already that of {other[0]}/{other[1]}")


def valid(request: Request, world: World) -> Iterable[Refusal]:
    """Refusals of a ServiceAttachment."""
    if request.operation == "delete":
        return
    preference, target = at(request.inputs, "spec", "connectionPreference"), at(request.inputs, "spec", "resourceRef")
    if isinstance(preference, str) and preference not in _PREFERENCES:
        yield _law("bad-preference", "connectionPreference", f"'{preference}' is none of {', '.join(_PREFERENCES)}")
    if at(target, "kind") not in {None, "Service", UNKNOWN}:
        yield _law("bad-target", "resourceRef", f"only a Service has a forwarding rule, {at(target, 'kind')} has none")
    if preference == "ACCEPT_AUTOMATIC" and items(at(request.inputs, "spec", "consumerAllowList")):
        yield _law("list-ignored", "consumerAllowList", "ACCEPT_AUTOMATIC lets everybody in, whatever a list says")
    if request.operation == "check":
        return
    cluster = configuration.cluster(request.scope.region, world)
    if cluster is None or cluster.type != _GKE:
        why = 'no matches for kind "ServiceAttachment" in version "networking.gke.io/v1": only GKE has it'
        yield Refusal("crd", "NotFound", why, ("kind",))
        return
    yield from _subnets(request, world)
