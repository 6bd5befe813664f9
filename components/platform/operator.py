"""The Helm releases of a cell: the Strimzi operator, Drain Cleaner with cert-manager, external-dns, Envoy Gateway.

Owns      charts, values and their order.
Refuses   CRDs of Strimzi (they are resources of their own), and certificates in the fleet's state: Drain Cleaner is
          an admission webhook, so it needs a serving certificate that somebody renews. Its chart takes one from
          cert-manager or from a secret that the user makes; the second would put a private key into every cell's
          state and expire unseen, so the first it is.
Identity  release names are `strimzi-cluster-operator`, `strimzi-drain-cleaner`, `cert-manager`, `external-dns`,
          `gateway-crds` and `envoy-gateway`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from components.platform import dns, gateway, objects
from components.platform.releases import Release, only, release
from components.platform.request import DNS_NAMESPACE, GATEWAY_NAMESPACE, PlatformRequest
from components.services.contract import Manifest

_SYSTEM_NODES = {"dedicated": "system"}
_POD_SECURITY = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
_CONTAINER_SECURITY = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
"""What a namespace with `restricted` pod security asks of every pod."""


@dataclass(frozen=True)
class HelmRelease:
    """One release; the chart's CRDs are skipped unless `crds` says that the chart looks after them.

    role   logical name in the cell
    repository  where the chart is, for one that is in no OCI registry
    after  roles of manifests and releases that must exist first
    """

    role: str
    name: str
    namespace: str
    chart: str
    version: str
    values: Mapping[str, Any]
    repository: str = ""
    after: tuple[str, ...] = field(default=())


def _spread(labels: Mapping[str, str]) -> dict[str, Any]:
    # Preferred, not required: a cell with one system node still gets its operator.
    term = {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": dict(labels)}}
    weighted = {"weight": 100, "podAffinityTerm": term}
    return {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [weighted]}}


def _resources(cpu: str, memory: str) -> dict[str, Any]:
    return {"limits": {"memory": memory}, "requests": {"cpu": cpu, "memory": memory}}


def _operator(request: PlatformRequest, chart: Release) -> HelmRelease:
    values: dict[str, Any] = {
        "affinity": _spread({"strimzi.io/kind": "cluster-operator"}),
        "leaderElection": {"enable": True},
        "nodeSelector": dict(_SYSTEM_NODES),
        # The chart's own budget: one of the two must stay.
        "podDisruptionBudget": {"enabled": True},
        "podSecurityContext": dict(_POD_SECURITY),
        "replicas": 2,
        "resources": _resources("500m", "768Mi"),
        "securityContext": dict(_CONTAINER_SECURITY),
        "watchAnyNamespace": True,
        # Clusters' namespaces enforce the `restricted` pod security standard. Strimzi's default provider sets no
        # security contexts, and every broker pod would be refused at admission.
        "extraEnvs": [{"name": "STRIMZI_POD_SECURITY_PROVIDER_CLASS", "value": "restricted"}],
    }
    if request.image_registry:
        values["defaultImageRegistry"] = request.image_registry
    return HelmRelease(
        role="operator",
        name="strimzi-cluster-operator",
        namespace=objects.OPERATOR_NAMESPACE,
        chart=chart.reference(request.chart_digest),
        version=chart.version,
        values=values,
        after=("operator-namespace",),
    )


def _cert_manager(request: PlatformRequest, chart: Release) -> HelmRelease:
    registry = request.image_registry or "quay.io"

    def part(image: str, **more: Any) -> dict[str, Any]:
        return {"image": {"repository": f"{registry}/jetstack/cert-manager-{image}"}, **more}

    placed = {"nodeSelector": dict(_SYSTEM_NODES), "resources": _resources("50m", "128Mi")}
    values = {
        **part("controller", **placed, replicaCount=2),
        "acmesolver": part("acmesolver"),
        "cainjector": part("cainjector", **placed, replicaCount=2),
        "webhook": part("webhook", **placed, replicaCount=2),
        "startupapicheck": part("startupapicheck", **placed),
        # Only Drain Cleaner's certificate depends on these CRDs, and it is made anew: the chart may own them.
        "crds": {"enabled": True, "keep": True},
        "podDisruptionBudget": {"enabled": True},
    }
    return HelmRelease(
        role="cert-manager",
        name="cert-manager",
        namespace=objects.CERT_MANAGER_NAMESPACE,
        chart=chart.reference(),
        version=chart.version,
        values=values,
        after=("cert-manager-namespace",),
    )


def _drain_cleaner(request: PlatformRequest, chart: Release) -> HelmRelease:
    values: dict[str, Any] = {
        "affinity": _spread({"app": "strimzi-drain-cleaner"}),
        "certManager": {"create": True},
        "namespace": {"create": False, "name": objects.DRAIN_CLEANER_NAMESPACE},
        "nodeSelector": dict(_SYSTEM_NODES),
        "replicaCount": 2,
        "resources": _resources("100m", "128Mi"),
        "secret": {"create": False},
    }
    if request.image_registry:
        values["image"] = {"registry": request.image_registry}
    return HelmRelease(
        role="drain-cleaner",
        name="strimzi-drain-cleaner",
        namespace=objects.DRAIN_CLEANER_NAMESPACE,
        chart=chart.reference(),
        version=chart.version,
        values=values,
        after=("cert-manager", "drain-cleaner-namespace"),
    )


def _external_dns(request: PlatformRequest) -> HelmRelease:
    chart = only("external_dns")
    return HelmRelease(
        role=dns.RELEASE,
        name="external-dns",
        namespace=DNS_NAMESPACE,
        chart=chart.reference(),
        version=chart.version,
        values=dns.values(request),
        repository=chart.repository,
        after=(dns.ROLE, "dns-policy-external-dns"),
    )


def _gateway_crds(chart: Release) -> HelmRelease:
    """All CRDs are templates of this chart, so that Helm upgrades them; of the other chart they are skipped."""
    return HelmRelease(
        role=gateway.CRDS,
        name="gateway-crds",
        namespace=GATEWAY_NAMESPACE,
        chart=chart.reference(),
        version=chart.version,
        # TCPRoute is in the experimental channel only.
        values={
            "crds": {"gatewayAPI": {"enabled": True, "channel": "experimental"}, "envoyGateway": {"enabled": True}}
        },
        after=(gateway.ROLE,),
    )


def _gateway_controller(request: PlatformRequest, chart: Release) -> HelmRelease:
    """It stands in the gateway's namespace, for it makes the proxies where it is itself."""
    values: dict[str, Any] = {
        "certgen": {"job": {"nodeSelector": dict(_SYSTEM_NODES)}},
        "deployment": {
            "envoyGateway": {"resources": _resources("100m", "512Mi")},
            "pod": {"affinity": _spread({"control-plane": "envoy-gateway"}), "nodeSelector": dict(_SYSTEM_NODES)},
            "replicas": 2,
        },
        "podDisruptionBudget": {"minAvailable": 1},
        # A webhook for routing by zone, which a proxy for TLS that it never opens has no use for.
        "topologyInjector": {"enabled": False},
    }
    if request.image_registry:
        values["global"] = {"imageRegistry": request.image_registry}
    return HelmRelease(
        role=gateway.CONTROLLER_RELEASE,
        name="envoy-gateway",
        namespace=GATEWAY_NAMESPACE,
        chart=chart.reference(),
        version=chart.version,
        values=values,
        after=(gateway.CRDS, *(f"gateway-policy-{name}" for name in ("controller", "certificates"))),
    )


def releases(request: PlatformRequest) -> Sequence[HelmRelease]:
    """The releases of a platform, each after what it needs."""
    strimzi = release("strimzi", request.strimzi_version)
    drain_cleaner = release("drain_cleaner", strimzi.companion)
    cert_manager = release("cert_manager", drain_cleaner.companion)
    found = [
        _operator(request, strimzi),
        _cert_manager(request, cert_manager),
        _drain_cleaner(request, drain_cleaner),
        _external_dns(request),
    ]
    if request.gateway is not None:
        envoy = only("envoy_gateway")
        crds = release("gateway_crds", envoy.companion)
        found += [_gateway_crds(crds), _gateway_controller(request, envoy)]
    return found


def in_order(waiting: Sequence[Manifest | HelmRelease]) -> Sequence[Manifest | HelmRelease]:
    """Each after what it needs: releases stand after namespaces, and objects of the gateway after releases."""
    found: dict[str, Manifest | HelmRelease] = {}
    while waiting:
        now = [each for each in waiting if set(each.after) <= found.keys()]
        if not now:
            raise ValueError(f"nothing makes what {', '.join(each.role for each in waiting)} stand after")
        found |= {each.role: each for each in now}
        waiting = [each for each in waiting if each.role not in found]
    return list(found.values())
