"""What a cluster's place means for its Kafka: node type, volume, and from them the sizing.

Owns      the way from a request to its Sizing, so that objects, rules, loads and apps all see the same one.
Refuses   a place that the cell's own check has refused already: an unknown machine or storage class is a KeyError.
"""

from collections.abc import Sequence
from functools import lru_cache

from components.clouds.machines import Machine, Volume, machines, volumes
from components.services.contract import Place, ServiceRequest
from components.services.kafka.sizing import Sizing, resolve
from components.services.kafka.spec import KafkaSpec


def kafka_spec(request: ServiceRequest) -> KafkaSpec:
    """The request's section, known to be Kafka's."""
    return request.section(KafkaSpec)


def machine_of(place: Place) -> Machine:
    """The node type of the cell's Kafka nodes."""
    return machines(place.cloud)[place.machine]


def volume_of(place: Place, spec: KafkaSpec) -> Volume:
    """What one volume of the cluster's storage class does."""
    return volumes(place.cloud)[spec.storage_class]


def known(request: ServiceRequest) -> bool:
    """Whether node type and storage class exist. Where not, the cell's own check says so, and nothing has a size."""
    place = request.place
    return place.machine in machines(place.cloud) and kafka_spec(request).storage_class in volumes(place.cloud)


def local_hours(spec: KafkaSpec) -> float | None:
    """How long data stays on the brokers' disks, where tiered storage takes the rest."""
    return spec.tiered_storage.local_retention_hours if spec.tiered_storage else None


_resolve = lru_cache(maxsize=65536)(resolve)
"""Every app of a cluster asks for the same sizing again."""


def sizing_of(request: ServiceRequest) -> Sizing:
    """Brokers, CPU, memory and disk of a request, with the reasons."""
    place = request.place
    spec = kafka_spec(request)
    return _resolve(
        spec.size,
        machine_of(place),
        volume_of(place, spec),
        len(place.zones),
        brokers=spec.brokers,
        disk_gib=spec.disk_gib,
        controllers=spec.controllers,
        local_hours=local_hours(spec),
    )


def explain(request: ServiceRequest) -> Sequence[str]:
    """Why a cluster has the brokers, CPU, memory and disk that it has, one sentence a step."""
    return sizing_of(request).reasons
