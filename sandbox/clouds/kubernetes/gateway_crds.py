"""Where the CRDs of the Gateway API and of Envoy Gateway come from: a Helm release of the chart `gateway-crds-helm`.

Owns      whether a cluster has a kind of theirs, and what would go with the release.
Refuses   to render the chart: which CRDs it brings follows from three of its values.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.clouds.kubernetes import helm
from sandbox.clouds.kubernetes.crds import Crds
from sandbox.clouds.kubernetes.wire import at
from sandbox.contract import Refusal, Request, World

GROUP = "gateway.networking.k8s.io"
PROXIES = "gateway.envoyproxy.io"
GROUPS = frozenset({GROUP, PROXIES})
GATEWAY = f"kubernetes:{GROUP}/v1:Gateway"
CLASS = f"kubernetes:{GROUP}/v1:GatewayClass"
PROXY = f"kubernetes:{PROXIES}/v1alpha1:EnvoyProxy"
ROUTES = {"TLSRoute": f"kubernetes:{GROUP}/v1:TLSRoute", "TCPRoute": f"kubernetes:{GROUP}/v1alpha2:TCPRoute"}
CRDS_CHART = "gateway-crds-helm"
_CRD = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"
_EXPERIMENTAL = frozenset({"TCPRoute"})
"""Kinds that only the experimental channel of the Gateway API has."""


def _chart(inputs: Mapping[str, Any]) -> str:
    return str(at(inputs, "chart")).rpartition("/")[2].partition("@")[0].partition(":")[0]


def released(request: Request, world: World, chart: str) -> Mapping[str, Any] | None:
    """The inputs of a cluster's Helm release of a chart."""
    for record in world.all(helm.TOKEN, request.scope):
        if _chart(record.inputs) == chart:
            return record.inputs
    return None


def _brings(release: Mapping[str, Any], group: str, kind: str) -> bool:
    """Whether a release of the CRDs' chart has a kind: everything is switched off by default."""
    part = "envoyGateway" if group == PROXIES else "gatewayAPI"
    asked = at(release, "values", "crds", part)
    channel = at(asked, "channel") or "experimental"
    return at(asked, "enabled") is True and (kind not in _EXPERIMENTAL or channel == "experimental")


def installed(request: Request, world: World) -> Iterable[Refusal]:
    """The CRD of the kind is in the cluster: by a release of the chart, or as an object of its own."""
    if request.operation not in {"create", "update"}:
        return
    token = request.type.removeprefix("kubernetes:")
    api_version, _, kind = token.rpartition(":")
    group = api_version.partition("/")[0]
    release = released(request, world, CRDS_CHART)
    if release is not None and _brings(release, group, kind):
        return
    crds = Crds(
        record.inputs for record in world.all(_CRD, request.scope) if at(record.inputs, "spec", "group") == group
    )
    if crds.own(api_version, kind):
        return
    said = f"no release of chart {CRDS_CHART} in this cluster" if release is None else f"its {CRDS_CHART} leaves it out"
    yield Refusal("crd", "NotFound", f'no matches for kind "{kind}" in version "{api_version}": {said}', ("kind",))


def emptied(request: Request, world: World) -> Iterable[Refusal]:
    """The release of the CRDs is deleted only when no object of their kinds exists: Helm would take them along."""
    if request.operation != "delete" or request.old is None:
        return
    if _chart(request.old.inputs) != CRDS_CHART:
        return
    held = [record for token in (CLASS, GATEWAY, PROXY, *ROUTES.values()) for record in world.all(token, request.scope)]
    if held:
        shown = ", ".join(f"{record.type.rpartition(':')[2]}/{record.id}" for record in held[:3])
        yield Refusal("law", "crd-in-use", f"{len(held)} objects would be deleted with their CRDs ({shown}, …)")
