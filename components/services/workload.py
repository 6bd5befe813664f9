"""A stateless service that speaks HTTP and, by its own user, Kafka: what all such services have alike.

Owns      the description that `workload_objects.py` turns into Kubernetes objects: pods, service, budget, policies.
Refuses   what one service alone needs: that stays in its folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import Field

from components.model import Spec


class Autoscaling(Spec):
    """How the number of pods follows the load. `replicas` is then where it starts and the least."""

    most: int = Field(ge=2, le=100, description="The most pods.")
    cpu_percent: int = Field(
        default=70, ge=10, le=95, description="Share of the requested CPU, in percent, around which pods are added."
    )


@dataclass(frozen=True)
class SecretKey:
    """One key of a Secret in the cluster's namespace."""

    secret: str
    key: str


@dataclass(frozen=True)
class Probe:
    """An HTTP probe on the workload's port. `seconds` is how long starting may take before a pod is restarted."""

    ready: str
    live: str
    seconds: int = 120


@dataclass(frozen=True)
class Workload:
    """One workload of one cluster.

    name         of its objects and the value of its pods' label `app.kubernetes.io/name`, e.g. `orders-console`
    image        as it is pulled, through the mirror already
    port         on which it speaks HTTP; `tls_secret` names a kubernetes.io/tls Secret where it speaks HTTPS
    metrics_port 0 where it has none; the container's port is called `metrics`
    cpu, memory_mib  request of one pod; the memory is its limit too
    environment  variables, plain or from a Secret
    files        path in the container -> content, by a ConfigMap whose change rolls the pods
    secrets      path in the container -> Secret, mounted read-only
    writable     paths that the program writes to; everything else is read-only
    disk_gib     0: pods are alike and lose what they write. Else a StatefulSet with a volume each, at `disk_path`
    kafka_user   name of its KafkaUser, whose Secret it must wait for; empty where it speaks no Kafka
    egress       further destinations: pod labels inside the namespace -> port
    clients      pod labels inside the namespace that may connect; `anyone` opens it to all pods of the cell
    """

    name: str
    image: str
    port: int
    replicas: int
    cpu: float
    memory_mib: int
    probe: Probe
    autoscaling: Autoscaling | None = None
    tls_secret: str = ""
    metrics_port: int = 0
    command: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str | SecretKey] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    writable: tuple[str, ...] = ("/tmp",)  # noqa: S108 - a path in the container
    disk_gib: int = 0
    disk_path: str = ""
    storage_class: str = ""
    kafka_user: str = ""
    kafka_port: int = 0
    egress: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    clients: tuple[Mapping[str, str], ...] = ()
    anyone: bool = False
    run_as: int = 1000
    labels: Mapping[str, str] = field(default_factory=dict)
