"""The `mirror` service: its entry record for the catalog."""

from components.services.contract import Service

_HERE = "components.services.mirror"

ENTRY = Service(
    name="mirror",
    title="MirrorMaker 2 by Strimzi",
    owner="kafka-connect",
    spec=f"{_HERE}.spec:MirrorSpec",
    objects=f"{_HERE}.objects:objects",
    component=f"{_HERE}.component:Mirror",
    check=f"{_HERE}.rules:check",
    loads=f"{_HERE}.rules:loads",
    endpoints=f"{_HERE}.mirror:endpoints",
    explain=f"{_HERE}.mirror:explain",
    requires=("kafka",),
    references=f"{_HERE}.spec:references",
    telemetry=f"{_HERE}.telemetry:telemetry",
    changes=f"{_HERE}.changes:changes",
    manages={
        "external-secrets.io": ("externalsecrets", "secretstores"),
        "rbac.authorization.k8s.io": ("rolebindings", "roles"),
    },
)
