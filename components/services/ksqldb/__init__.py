"""The `ksqldb` service: its entry record for the catalog."""

from components.services.contract import Service

_HERE = "components.services.ksqldb"

ENTRY = Service(
    name="ksqldb",
    title="ksqlDB",
    owner="stream-processing",
    spec=f"{_HERE}.spec:KsqlDbSpec",
    objects=f"{_HERE}.objects:objects",
    component=f"{_HERE}.component:KsqlDb",
    check=f"{_HERE}.rules:check",
    loads=f"{_HERE}.rules:loads",
    endpoints=f"{_HERE}.objects:endpoints",
    explain=f"{_HERE}.objects:explain",
    requires=("kafka",),
    uses=("connect", "schema_registry"),
    publish=f"{_HERE}.objects:publish",
    telemetry=f"{_HERE}.telemetry:telemetry",
    changes=f"{_HERE}.changes:changes",
    impact=f"{_HERE}.impact:impact",
)
