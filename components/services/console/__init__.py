"""The `console` service: its entry record for the catalog."""

from components.services.contract import Service

_HERE = "components.services.console"

ENTRY = Service(
    name="console",
    title="Console (Kafbat UI)",
    owner="developer-tools",
    spec=f"{_HERE}.spec:ConsoleSpec",
    objects=f"{_HERE}.objects:objects",
    component=f"{_HERE}.component:Console",
    check=f"{_HERE}.rules:check",
    loads=f"{_HERE}.rules:loads",
    endpoints=f"{_HERE}.objects:endpoints",
    requires=("kafka",),
    uses=("connect", "ksqldb", "schema_registry"),
    publish=f"{_HERE}.objects:publish",
    telemetry=f"{_HERE}.telemetry:telemetry",
)
