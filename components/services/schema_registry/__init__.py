"""The `schema_registry` service: its entry record for the catalog."""

from components.services.contract import Service

_HERE = "components.services.schema_registry"

ENTRY = Service(
    name="schema_registry",
    title="Schema registry with Confluent's API",
    owner="schema-platform",
    spec=f"{_HERE}.spec:SchemaRegistrySpec",
    objects=f"{_HERE}.objects:objects",
    component=f"{_HERE}.component:SchemaRegistry",
    check=f"{_HERE}.rules:check",
    loads=f"{_HERE}.rules:loads",
    endpoints=f"{_HERE}.publish:endpoints",
    explain=f"{_HERE}.publish:explain",
    requires=("kafka",),
    publish=f"{_HERE}.publish:publish",
    telemetry=f"{_HERE}.telemetry:telemetry",
    changes=f"{_HERE}.changes:changes",
    manages={"autoscaling": ("horizontalpodautoscalers",)},
)
