"""One node of Kafka for one cluster: broker and controller in a process, as near to the declared one as one node gets.

Owns      the files it is started from, starting it, finding it again after our own end, restarting it when what it
          was started with changed.
Refuses   a restart without a change: a killed reconciler leaves the node running, and its successor adopts it.
"""

import base64
import hashlib
import threading
import time
import uuid
from collections.abc import Mapping
from typing import Any

from sandbox.kafka import java, listeners
from sandbox.kafka.adapted import Adapted
from sandbox.kafka.authority import Authority
from sandbox.kafka.declared import Cluster
from sandbox.kafka.place import Place, read_json, write_json, write_secret
from sandbox.kafka.process import Process, answers, tail
from sandbox.kafka.settings import Settings, settings

READY_SECONDS = 120
ORGANIZATION = "io.strimzi"
OPERATOR = "sandbox-operator"


class BrokerError(Exception):
    """The node did not start; the text is Kafka's reason."""


class Broker:
    """The node of one cluster."""

    def __init__(self, place: Place) -> None:
        self.place = place.make()
        self.process = Process(place.folder / "broker.json")
        self.log = place.folder / "broker.log"
        self.cluster_ca = Authority(place.folder / "cluster-ca", f"{place.cluster} cluster-ca")
        self.clients_ca = Authority(place.folder / "clients-ca", f"{place.cluster} clients-ca")
        self.listeners: list[listeners.Listener] = []
        self.settings: Settings | None = None
        self.cancelled = threading.Event()
        self.adapted: list[Adapted] = []
        self._ports: Mapping[str, int] = {}

    def certificates(self) -> dict[str, Any]:
        """See that the node's and our own certificate are there; the broker's properties that name them."""
        folder = self.place.folder / "node"
        if (
            self.cluster_ca.issue(
                folder, f"{self.place.cluster}-kafka", organization=ORGANIZATION, server=True, prefix="node"
            )
            or not (folder / "keystore.pem").exists()
        ):
            write_secret(
                folder / "keystore.pem", (folder / "node.key").read_bytes() + (folder / "node.crt").read_bytes()
            )
        own = self.place.folder / "operator"
        if (
            self.cluster_ca.issue(own, OPERATOR, organization=ORGANIZATION, prefix="operator")
            or not (own / "keystore.pem").exists()
        ):
            write_secret(
                own / "keystore.pem", (own / "operator.key").read_bytes() + (own / "operator.crt").read_bytes()
            )
        return {
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": folder / "keystore.pem",
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": self.cluster_ca.certificate,
        }

    def operator(self) -> dict[str, str]:
        """Client properties of our own reconciler: a certificate of the cluster CA, on the node's own listener."""
        return {
            "bootstrap.servers": f"127.0.0.1:{self._ports[listeners.REPLICATION]}",
            "security.protocol": "SSL",
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(self.place.folder / "operator" / "keystore.pem"),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(self.cluster_ca.certificate),
            "default.api.timeout.ms": "30000",
            "request.timeout.ms": "10000",
        }

    def _principals(self, chosen: Settings) -> str:
        own = [f"CN={self.place.cluster}-kafka,O={ORGANIZATION}", f"CN={OPERATOR},O={ORGANIZATION}"]
        return ";".join(f"User:{name}" for name in [*own, *chosen.super_users])

    def _properties(self, cluster: Cluster, chosen: Settings) -> dict[str, Any]:
        served, left_out = listeners.supported(cluster.kafka)
        names = listeners.keys(served)
        self._ports = listeners.ports(self.place.folder / "ports.json", names, held=bool(self.process.pid))
        self.listeners = listeners.listeners(served, self._ports)
        self.adapted = [*chosen.adapted, *left_out]
        controller = self._ports[listeners.CONTROLLER]
        return {
            **chosen.config,
            **listeners.properties(self.listeners, served, self._ports, self.clients_ca.certificate),
            **self.certificates(),
            "process.roles": "broker,controller",
            "node.id": 0,
            "controller.quorum.voters": f"0@127.0.0.1:{controller}",
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": self._principals(chosen),
            "log.dirs": self.place.data,
        }

    def _cluster_id(self) -> str:
        file = self.place.folder / "cluster.json"
        found = read_json(file)
        if "id" not in found:
            found = {"id": base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")}
            write_json(file, found)
        return str(found["id"])

    def start(self, cluster: Cluster) -> bool:
        """See that the node runs with what is declared now, and answers; True where it was (re)started for that."""
        chosen = self.settings = settings(cluster)
        text = java.properties(self._properties(cluster, chosen))
        digest = hashlib.sha256(f"{chosen.version} {chosen.heap_mib}\n{text}".encode()).hexdigest()
        if self.process.pid and self.process.facts.get("digest") == digest:
            self._wait()
            return False
        self.process.stop()
        file = self.place.folder / "server.properties"
        write_secret(file, text)
        fresh = not (self.place.data / "meta.properties").exists()
        if fresh and (said := java.format_storage(chosen.version, self._cluster_id(), file, chosen.metadata)):
            raise BrokerError(said)
        if self.cancelled.is_set():
            raise BrokerError("it was stopped before it ran")
        self.log.unlink(missing_ok=True)
        line = java.command(chosen.version, "kafka.Kafka", file, heap_mib=chosen.heap_mib)
        self.process.start(line, self.log, {"digest": digest, "version": chosen.version})
        self._wait()
        return True

    def _wait(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        waiting = [self._ports[listeners.REPLICATION], *(one.here for one in self.listeners)]
        while not all(answers(port) for port in waiting):
            if self.cancelled.is_set():
                raise BrokerError("it was stopped before it answered")
            if not self.process.pid:
                raise BrokerError(java.reason(tail(self.log, 300)) or "it ended without a word")
            if time.monotonic() > deadline:
                self.process.stop()
                raise BrokerError(f"it did not answer in {READY_SECONDS} s: {java.reason(tail(self.log, 300))}")
            time.sleep(0.05)

    def stop(self) -> bool:
        """Stop the node; its data stays."""
        return self.process.stop()
