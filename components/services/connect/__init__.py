"""The `connect` service: its entry record for the catalog."""

from components.services.contract import Service

_HERE = "components.services.connect"

ENTRY = Service(
    name="connect",
    title="Kafka Connect by Strimzi",
    owner="kafka-connect",
    spec=f"{_HERE}.spec:ConnectSpec",
    objects=f"{_HERE}.objects:objects",
    component=f"{_HERE}.component:Connect",
    check=f"{_HERE}.rules:check",
    loads=f"{_HERE}.rules:loads",
    endpoints=f"{_HERE}.publish:endpoints",
    explain=f"{_HERE}.worker:explain",
    requires=("kafka",),
    uses=("schema_registry",),
    publish=f"{_HERE}.publish:publish",
    telemetry=f"{_HERE}.telemetry:telemetry",
    changes=f"{_HERE}.changes:changes",
    manages={"autoscaling": ("horizontalpodautoscalers",)},
)
