"""A service that speaks HTTP and, by its own user, Kafka: what all such services have alike.

Owns      the description that `workload_objects.py` turns into Kubernetes objects, and where pods find what they mount.
Refuses   what one service alone needs: that stays in its folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import Field

from components.model import Spec

KAFKA_USER = "/mnt/kafka-user"
"""Where the Secret of the workload's KafkaUser is: `user.p12` with `user.password`, and `user.crt`, `user.key`."""

KAFKA_CA = "/mnt/kafka-ca"
"""Where the brokers' authority is: `ca.crt`."""

TLS = "/mnt/tls"
"""Where the workload's own certificate is: `tls.crt`, `tls.key`, and what else its Secret holds."""


class Autoscaling(Spec):
    """How the number of pods follows the load. `replicas` is then where it starts and the least."""

    enabled: bool = Field(default=True, description="`false` ends what a default or a profile started.")
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
class PodField:
    """What a pod knows of itself, e.g. `status.podIP` or `metadata.name`."""

    path: str


@dataclass(frozen=True)
class Probe:
    """HTTP probes. `seconds` is how long starting may take before a pod is restarted.

    ready  whether it may be given work
    live   whether a restart would help: never a path that fails because Kafka does
    port   by default the workload's own, with its scheme; another one is spoken to without TLS
    """

    ready: str
    live: str
    seconds: int = 120
    port: int = 0


@dataclass(frozen=True)
class Destination:
    """Where a workload's pods connect to, beyond Kafka: pods of the namespace by their labels, or address ranges."""

    port: int
    pods: Mapping[str, str] = field(default_factory=dict)
    cidrs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Workload:
    """One workload of one cluster.

    name         of its objects and the value of its pods' label `app.kubernetes.io/name`, e.g. `orders-console`
    image        as it is pulled, through the mirror already
    port         on which it speaks HTTP; `tls_secret` names a kubernetes.io/tls Secret where it speaks HTTPS
    role         prefix of the manifests' roles, where one stack has several workloads
    ports        further container ports by name; only pods of this workload may connect to them
    metrics_port 0 where it has none; the container's port is called `metrics`
    cpu, memory_mib  request of one pod; the memory is its limit too
    command, arguments  in place of the image's entry point and its words
    environment  variables: plain, from a Secret, or of the pod. A plain one may name a pod's one as `$(NAME)`
    files        path in the container -> content, by a ConfigMap whose change rolls the pods
    secrets      path in the container -> Secret, mounted read-only
    writable     paths that the program writes to; everything else is read-only
    writable_mib how much it may write there before the pod is evicted
    stable_names pods reach each other by name, so they are a StatefulSet's: `<name>-0.<name>-pods.<namespace>.svc`
    disk_gib     a volume each at `disk_path`, for life; 0: what pods write is lost with them
    kafka_user   name of its KafkaUser, whose Secret is mounted at `KAFKA_USER`; empty where it speaks no Kafka
    grace_seconds  how long a pod may take to end after it is out of the Service
    egress       further destinations
    clients      pod labels inside the namespace that may connect, `{}` for all of them
    namespaces   namespaces whose pods may connect; `anyone`: all pods of the cell
    sticky       a client's connections go to one and the same pod: for programs that keep sessions in memory
    run_as       user id that the image is made for
    labels       further labels of pods, `app.kubernetes.io/*` only
    """

    name: str
    image: str
    port: int
    replicas: int
    cpu: float
    memory_mib: int
    probe: Probe
    role: str = ""
    autoscaling: Autoscaling | None = None
    tls_secret: str = ""
    ports: Mapping[str, int] = field(default_factory=dict)
    metrics_port: int = 0
    command: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str | SecretKey | PodField] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    writable: tuple[str, ...] = ("/tmp",)  # noqa: S108 - a path in the container
    writable_mib: int = 512
    stable_names: bool = False
    disk_gib: int = 0
    disk_path: str = ""
    storage_class: str = ""
    kafka_user: str = ""
    grace_seconds: int = 60
    egress: tuple[Destination, ...] = ()
    clients: tuple[Mapping[str, str], ...] = ()
    namespaces: tuple[str, ...] = ()
    anyone: bool = False
    sticky: bool = False
    run_as: int = 1000
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def scaling(self) -> Autoscaling | None:
        """Its autoscaling, where that is not switched off."""
        return self.autoscaling if self.autoscaling and self.autoscaling.enabled else None

    @property
    def stateful(self) -> bool:
        """Whether its pods have names of their own."""
        return self.stable_names or self.disk_gib > 0

    @property
    def scheme(self) -> str:
        """`https` or `http`."""
        return "https" if self.tls_secret else "http"

    @property
    def pods(self) -> dict[str, str]:
        """Labels that select its pods, and no others."""
        return pods_of(self.name)


def pods_of(name: str) -> dict[str, str]:
    """Labels that select the pods of the workload `name`."""
    return {"app.kubernetes.io/name": name}


def java_client(user: str) -> tuple[dict[str, str], SecretKey]:
    """Settings of a Java Kafka client inside a pod with `kafka_user`, and where its key store's password is.

    The authority is read as PEM, which needs no password; user and key are only in one file as PKCS #12.
    """
    return {
        "security.protocol": "SSL",
        "ssl.keystore.location": f"{KAFKA_USER}/user.p12",
        "ssl.keystore.type": "PKCS12",
        "ssl.truststore.location": f"{KAFKA_CA}/ca.crt",
        "ssl.truststore.type": "PEM",
    }, SecretKey(user, "user.password")
