"""The records that external-dns writes, where it is installed and may.

Owns      which names its release covers, and what it writes for a Service.
Refuses   its rights in the cloud: an identity that may not write to a zone is not found here.
"""

from dataclasses import dataclass

from sandbox.contract import Record, Scope
from sandbox.trace.cluster import Cluster, pod_address
from sandbox.trace.look import Look, at, items, meta
from sandbox.trace.objects import release, selects
from sandbox.trace.strimzi import HOSTNAME, Service, hosts

CHART = "external-dns"
_FILTER, _SOURCE = "--domain-filter=", "--source="


@dataclass(frozen=True)
class Wanted:
    """One record that somebody asks for: a name, what asks, and the Service or the addresses that it leads to."""

    name: str
    asked_by: str
    service: str
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class Writer:
    """external-dns of one Kubernetes; `why_not` says what keeps it from writing a name."""

    record: Record | None
    filters: tuple[str, ...]
    sources: tuple[str, ...]

    def why_not(self, name: str, source: str = "service") -> str:
        """What keeps it from writing a name; empty where nothing does."""
        if self.record is None:
            return "no release of external-dns is installed in the cluster's Kubernetes"
        if source not in self.sources:
            return f"external-dns does not look at {source}s (sources: {', '.join(self.sources)})"
        if self.filters and not any(name == one or name.endswith(f".{one}") for one in self.filters):
            return f"external-dns only writes names of {', '.join(self.filters)}"
        return ""


def writer(look: Look, scope: Scope) -> Writer:
    """external-dns of a Kubernetes."""
    found = release(look, scope, CHART)
    values = found.inputs.get("values") or {} if found else {}
    extra = values.get("extraArgs") or []
    arguments = [f"--{key}={value}" for key, value in extra.items()] if isinstance(extra, dict) else items(extra)
    filters = [*items(values.get("domainFilters")), *_arguments(arguments, _FILTER)]
    # The chart's own default is Services and Ingresses.
    sources = [*(items(values.get("sources")) or ["service", "ingress"]), *_arguments(arguments, _SOURCE)]
    return Writer(found, tuple(str(one).strip(".") for one in filters), tuple(map(str, sources)))


def _arguments(arguments: list[str], start: str) -> list[str]:
    return [str(one)[len(start) :] for one in arguments if str(one).startswith(start)]


def wanted(look: Look, cluster: Cluster, made: dict[str, Service]) -> list[Wanted]:
    """Records that the Services of a cluster ask for: those of Strimzi, and headless ones that are records."""
    found = [Wanted(name, f"Service {one.key}", one.key, ()) for one in made.values() for name in hosts(one)]
    for one in look.kind("Service", cluster.record.scope):
        told = str(meta(one, "annotations", HOSTNAME) or "")
        if meta(one, "namespace") != cluster.namespace or not told:
            continue
        found += [item for name in told.split(",") for item in _headless(one, name.strip().rstrip("."), cluster)]
    return found


def _headless(service: Record, name: str, cluster: Cluster) -> list[Wanted]:
    if at(service.inputs, "spec", "clusterIP") != "None":
        return []
    asked = f"Service {service.id}"
    pods: list[tuple[str, str]] = []
    for broker in cluster.brokers:
        place = pod_address(cluster.kube, broker)
        if place is not None and selects({"matchLabels": at(service.inputs, "spec", "selector")}, broker.labels):
            pods.append((broker.pod, str(place[0])))
    own = [Wanted(f"{pod}.{name}", asked, "", (address,)) for pod, address in pods]
    return [Wanted(name, asked, "", tuple(address for _, address in pods)), *own] if pods else []
