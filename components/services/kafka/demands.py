"""The ways into a cluster from outside of its Kubernetes, and what they take of the cell's network.

Owns      one Demand for each such listener.
Refuses   a cluster without a size (its node type is unknown): the cell's own check says so.
"""

from collections.abc import Sequence

from components.clouds.reach import Exposure
from components.services.contract import Demand, ServiceRequest
from components.services.kafka import addresses
from components.services.kafka.listeners import ways
from components.services.kafka.place import kafka_spec, known, sizing_of

_EXPOSURES: dict[str, Exposure] = {"network": "network", "external": "external", "link": "link"}


def demands(request: ServiceRequest) -> Sequence[Demand]:
    """Load balancers are one a broker and one for the bootstrap; a listener by port takes its whole span."""
    if not known(request):
        return ()
    balancers = sizing_of(request).brokers + 1
    return tuple(
        Demand(
            what=f"listener '{way.name}'",
            path=("listeners", way.name),
            exposure=_EXPOSURES[way.type],
            fan_out=way.fan_out,
            address=addresses.bootstrap(request, way),
            load_balancers=balancers if way.fan_out == "lb-per-broker" else 0,
            ports=way.ports,
        )
        for way in ways(kafka_spec(request), request.place)
        if way.fan_out is not None
    )
