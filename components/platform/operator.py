"""The Helm releases of a cell: the Strimzi operator, Drain Cleaner, and cert-manager for the latter's certificate.

Owns      charts, values and their order.
Refuses   CRDs of Strimzi (they are resources of their own), and certificates in the fleet's state: Drain Cleaner is
          an admission webhook, so it needs a serving certificate that somebody renews. Its chart takes one from
          cert-manager or from a secret that the user makes; the second would put a private key into every cell's
          state and expire unseen, so the first it is.
Identity  release names are `strimzi-cluster-operator`, `strimzi-drain-cleaner` and `cert-manager`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from components.platform import objects
from components.platform.releases import Release, release
from components.platform.request import PlatformRequest

_SYSTEM_NODES = {"dedicated": "system"}
_POD_SECURITY = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
_CONTAINER_SECURITY = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
"""What a namespace with `restricted` pod security asks of every pod."""


@dataclass(frozen=True)
class HelmRelease:
    """One release; the chart's CRDs are skipped unless `crds` says that the chart looks after them.

    role   logical name in the cell
    after  roles of manifests and releases that must exist first
    """

    role: str
    name: str
    namespace: str
    chart: str
    version: str
    values: Mapping[str, Any]
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


def releases(request: PlatformRequest) -> Sequence[HelmRelease]:
    """The releases of a platform, each after what it needs."""
    strimzi = release("strimzi", request.strimzi_version)
    drain_cleaner = release("drain_cleaner", strimzi.companion)
    cert_manager = release("cert_manager", drain_cleaner.companion)
    return [_operator(request, strimzi), _cert_manager(request, cert_manager), _drain_cleaner(request, drain_cleaner)]
