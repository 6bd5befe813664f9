"""The `rest_proxy` service: its entry record for the catalog."""

from components.services.contract import Service

_HERE = "components.services.rest_proxy"

ENTRY = Service(
    name="rest_proxy",
    title="HTTP access to topics",
    owner="gateway-platform",
    spec=f"{_HERE}.spec:RestProxySpec",
    objects=f"{_HERE}.objects:objects",
    component=f"{_HERE}.component:RestProxy",
    check=f"{_HERE}.rules:check",
    loads=f"{_HERE}.rules:loads",
    endpoints=f"{_HERE}.publish:endpoints",
    explain=f"{_HERE}.publish:explain",
    requires=("kafka",),
    uses=("schema_registry",),
    publish=f"{_HERE}.publish:publish",
    telemetry=f"{_HERE}.telemetry:telemetry",
    manages={"autoscaling": ("horizontalpodautoscalers",)},
)
