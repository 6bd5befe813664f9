"""What apps and other services may know of the workers.

Owns      the way from a request to an HttpAccess, and the names of its facts.
Refuses   the workers' Secret: who speaks to Connect never speaks to Kafka as Connect.
"""

from collections.abc import Mapping

from components.services.access import HttpAccess
from components.services.connect.worker import SECRET_PROVIDER, connect_spec, version_of, workers_of
from components.services.contract import ServiceRequest
from components.services.strimzi_workers import REST_PORT


def publish(request: ServiceRequest) -> HttpAccess:
    """How the cluster's services reach Connect, and what connectors may build on."""
    workers = workers_of(request)
    registry = request.http("schema_registry")
    return HttpAccess(
        name=workers.name,
        url=f"http://{workers.name}-connect-api.{request.namespace}.svc:{REST_PORT}",
        pods=workers.pods,
        facts={
            "user": workers.name,
            "service_account": f"{workers.name}-connect",
            "version": version_of(request),
            "plugins": connect_spec(request).plugin_names,
            "secret_provider": SECRET_PROVIDER,
            "schema_registry": registry.url if registry else "",
        },
    )


def endpoints(request: ServiceRequest) -> Mapping[str, str]:
    """The REST API, which only the operator and services of the cluster reach."""
    return {"rest": publish(request).url}
