"""The `kafka` service: its entry record for the catalog."""

from components.services.contract import Service

_HERE = "components.services.kafka"

ENTRY = Service(
    name="kafka",
    title="Apache Kafka by Strimzi",
    owner="kafka-platform",
    spec=f"{_HERE}.spec:KafkaSpec",
    objects=f"{_HERE}.objects:objects",
    component=f"{_HERE}.component:Kafka",
    check=f"{_HERE}.rules:check",
    loads=f"{_HERE}.rules:loads",
    endpoints=f"{_HERE}.addresses:endpoints",
    explain=f"{_HERE}.place:explain",
    publish=f"{_HERE}.publish:publish",
    telemetry=f"{_HERE}.telemetry:telemetry",
    changes=f"{_HERE}.changes:changes",
    manages={"gateway.networking.k8s.io": ("tcproutes", "tlsroutes")},
    demands=f"{_HERE}.demands:demands",
    traffic=f"{_HERE}.traffic:traffic",
)
