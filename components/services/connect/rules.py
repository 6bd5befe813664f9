"""The laws of a Connect section that need more than one field, or the cluster that it belongs to.

Owns      what would be refused, dropped or regretted later: version, size, plugins, the way out.
Refuses   types and ranges of single fields (`spec.py`), and connectors (the apps').
"""

import ipaddress
from collections.abc import Iterator, Sequence

from components.finding import Finding
from components.services import operator_versions, strimzi_workers
from components.services.connect import plugin_rules
from components.services.connect.spec import ConnectSpec
from components.services.connect.worker import connect_spec, version_of, workers_of
from components.services.contract import Load, ServiceRequest
from components.services.workload_rules import check_pods


def _version(request: ServiceRequest, spec: ConnectSpec) -> Iterator[Finding]:
    if spec.version is not None:
        yield from operator_versions.check(request, spec.version, ("version",), "connect workers")


def _egress(request: ServiceRequest, spec: ConnectSpec) -> Iterator[Finding]:
    if not request.production:
        return
    for index, way in enumerate(spec.egress):
        if ipaddress.IPv4Network(way.cidr).prefixlen == 0:
            yield Finding(
                "egress-everywhere",
                ("egress", index, "cidr"),
                f"{way.cidr} is every address: what a connector reads could be sent anywhere",
                hint="state the addresses that the connectors need",
            )


def check(request: ServiceRequest) -> Iterator[Finding]:
    """Every law that the section breaks. Paths are relative to it."""
    spec, workers = connect_spec(request), workers_of(request)
    yield from _version(request, spec)
    yield from check_pods(request, spec.replicas, spec.autoscaling)
    yield from strimzi_workers.heap_findings(workers)
    yield from plugin_rules.check(spec)
    yield from strimzi_workers.config_findings(request, spec.config, version_of(request))
    yield from _egress(request, spec)


def loads(_request: ServiceRequest) -> Sequence[Load]:
    """Nothing on the cell's Kafka nodes: workers run on the system nodes."""
    return ()
