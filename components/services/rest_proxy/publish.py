"""What others may know of a cluster's REST proxy.

Owns      its address and the labels of its pods, for whichever program it is.
Refuses   paths: the two programs' APIs differ, so the fact `implementation` says which one it is.
"""

from collections.abc import Mapping, Sequence

from components.services.access import HttpAccess
from components.services.contract import ServiceRequest
from components.services.rest_proxy import bridge
from components.services.rest_proxy.common import chosen, name, port, proxy_spec, secret
from components.services.workload import pods_of


def publish(request: ServiceRequest) -> HttpAccess:
    """How others reach the cluster's REST proxy."""
    spec = proxy_spec(request)
    is_bridge = spec.implementation == "strimzi-bridge"
    service = bridge.service(request) if is_bridge else name(request)
    scheme = "https" if secret(spec) else "http"
    return HttpAccess(
        name=service,
        url=f"{scheme}://{service}.{request.namespace}.svc:{port(spec)}",
        pods=bridge.pods(request) if is_bridge else pods_of(name(request)),
        ca_secret=secret(spec),
        facts={"implementation": spec.implementation},
    )


def endpoints(request: ServiceRequest) -> Mapping[str, str]:
    """The address of the API."""
    return {"api": publish(request).url}


def explain(request: ServiceRequest) -> Sequence[str]:
    """Why it is as big as it is, and what it may do."""
    spec = proxy_spec(request)
    rights = ", ".join(
        f"{' and '.join(sorted(topic.may))} {topic.name}{'*' if topic.prefix else ''}" for topic in spec.topics
    )
    return [
        f"{spec.replicas} pods of {spec.cpu:g} CPUs and {spec.memory_mib} MiB of {chosen(spec).title}, as the section "
        "or its defaults say",
        f"whoever runs in {', '.join(sorted(set(spec.namespaces)))} may {rights}",
    ]
