"""A Kafka object's listeners, on ports of this machine.

Owns      which of them one node can serve, their properties, and ports that stay what clients have written down.
Refuses   any address but 127.0.0.1, and listeners that need somebody else to say who a client is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.kafka.adapted import Adapted
from sandbox.kafka.declared import Body, at
from sandbox.kafka.place import read_json, write_json
from sandbox.kafka.process import free_port

CONTROLLER, REPLICATION = "CONTROLLER-9090", "REPLICATION-9091"
_PROTOCOLS = {
    (True, "scram-sha-512"): "SASL_SSL",
    (True, "tls"): "SSL",
    (True, ""): "SSL",
    (False, "scram-sha-512"): "SASL_PLAINTEXT",
    (False, ""): "PLAINTEXT",
}
_JAAS = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
_LIMITS = {"maxConnections": "max.connections", "maxConnectionCreationRate": "max.connection.creation.rate"}


@dataclass(frozen=True)
class Listener:
    """One listener of a cluster: `name` and `port` as declared, `here` where it listens on this machine."""

    name: str
    port: int
    type: str
    tls: bool
    authentication: str
    here: int

    @property
    def key(self) -> str:
        """Its name in the broker's configuration."""
        return f"{self.name.upper()}-{self.port}"

    @property
    def bootstrap(self) -> str:
        """Where clients on this machine find it."""
        return f"127.0.0.1:{self.here}"

    @property
    def protocol(self) -> str:
        """Kafka's word for how it speaks."""
        return _PROTOCOLS[self.tls, self.authentication]


def ports(file: Path, names: list[str], held: bool) -> dict[str, int]:
    """A port for each name: the one it had before. `held` says that our own broker holds them just now."""
    before = {key: int(value) for key, value in read_json(file).items()}
    found: dict[str, int] = {}
    for name in names:
        wanted = before.get(name, 0)
        port = wanted if held and wanted else free_port(wanted)
        while port in found.values():
            port = free_port()
        found[name] = port
    if found != before:
        write_json(file, found)
    return found


def supported(kafka: Body) -> tuple[list[Body], list[Adapted]]:
    """The listeners that one node can serve, and what is said of the others."""
    served, adapted = [], []
    for one in at(kafka, "spec", "kafka", "listeners", default=[]):
        kind = at(one, "authentication", "type", default="")
        what = f"listener {one['name']}"
        if (bool(one.get("tls")), kind) not in _PROTOCOLS:
            why = "who a client is would be for a service to say that is not on this machine"
            adapted.append(Adapted(what, f"authentication {kind}", "left out", why))
            continue
        served.append(one)
        if one.get("type") != "internal":
            why = "there is no load balancer here, and nothing but this machine may connect"
            adapted.append(Adapted(what, str(one.get("type")), "a port of 127.0.0.1", why))
        unknown = sorted(set(at(one, "configuration", default={})) - set(_LIMITS))
        if unknown:
            why = "they are of Kubernetes Services and load balancers"
            adapted.append(Adapted(f"{what}: {', '.join(unknown)}", "set", "left out", why))
    return served, adapted


def listeners(served: list[Body], found: Mapping[str, int]) -> list[Listener]:
    """The listeners with their ports."""
    made = []
    for one in served:
        kind = at(one, "authentication", "type", default="")
        name, port = str(one["name"]), int(one["port"])
        key = f"{name.upper()}-{port}"
        made.append(Listener(name, port, str(one.get("type")), bool(one.get("tls")), kind, found[key]))
    return made


def keys(served: list[Body]) -> list[str]:
    """Names in the broker's configuration, our own two first."""
    return [CONTROLLER, REPLICATION, *(f"{one['name'].upper()}-{one['port']}" for one in served)]


def properties(made: list[Listener], served: list[Body], found: Mapping[str, int], trust: Path) -> dict[str, Any]:
    """Broker properties of all listeners. `trust` is the clients CA's certificate."""
    all_of = [*((one.key, one.here, one.protocol) for one in made)]
    all_of += [(CONTROLLER, found[CONTROLLER], "SSL"), (REPLICATION, found[REPLICATION], "SSL")]
    open_to_clients = [(name, port) for name, port, _ in all_of if name != CONTROLLER]
    body: dict[str, Any] = {
        "listeners": ",".join(f"{name}://127.0.0.1:{port}" for name, port, _ in all_of),
        "advertised.listeners": ",".join(f"{name}://127.0.0.1:{port}" for name, port in open_to_clients),
        "listener.security.protocol.map": ",".join(f"{name}:{protocol}" for name, _, protocol in all_of),
        "controller.listener.names": CONTROLLER,
        "inter.broker.listener.name": REPLICATION,
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
    }
    for name in (CONTROLLER, REPLICATION):
        body[f"listener.name.{name.lower()}.ssl.client.auth"] = "required"
    for one, declared in zip(made, served, strict=True):
        prefix = f"listener.name.{one.key.lower()}"
        if one.protocol == "SSL":
            body[f"{prefix}.ssl.client.auth"] = "required" if one.authentication else "none"
            body[f"{prefix}.ssl.truststore.type"] = "PEM"
            body[f"{prefix}.ssl.truststore.location"] = trust
        if one.authentication == "scram-sha-512":
            body[f"{prefix}.sasl.enabled.mechanisms"] = "SCRAM-SHA-512"
            body[f"{prefix}.scram-sha-512.sasl.jaas.config"] = _JAAS
        for key, called in _LIMITS.items():
            if (value := at(declared, "configuration", key)) is not None:
                body[f"{prefix}.{called}"] = value
    return body
