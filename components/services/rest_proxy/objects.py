"""All Kubernetes objects of one cluster's REST proxy.

Owns      the user with the rights that the section names, and the choice of implementation.
Refuses   topics: what is used through the proxy are the apps'.
Identity  the roles are logical names, so part of every URN.
"""

from collections.abc import Sequence

from components.services import workload_objects
from components.services.contract import Manifest, ServiceRequest
from components.services.kafka_user import kafka_user
from components.services.rest_proxy import bridge, confluent_rest
from components.services.rest_proxy.common import grants, name, proxy_spec


def objects(request: ServiceRequest) -> Sequence[Manifest]:
    """The objects of a request."""
    spec = proxy_spec(request)
    user = kafka_user(request, name(request), grants(spec))
    found = [Manifest("kafka-user", user)]
    if spec.implementation == "strimzi-bridge":
        return [*found, *bridge.manifests(request)]
    return [*found, *workload_objects.manifests(request, confluent_rest.workload(request), after=["kafka-user"])]
