"""The Connect workers of one cluster, one for each KafkaConnect object, and their connectors.

Owns      starting and finding a worker again, and connectors by its REST API: configuration, state, restarts, removal.
Refuses   to wait for a worker: it takes seconds to come up, and topics and users must not wait for it.
"""

import hashlib
import json
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from sandbox.kafka import connect_settings, java
from sandbox.kafka.adapted import Adapted
from sandbox.kafka.broker import Broker
from sandbox.kafka.declared import Body, Cluster, at, name_of
from sandbox.kafka.place import Place, private, read_json, write_json, write_secret
from sandbox.kafka.process import Process, answers, free_port, tail
from sandbox.kafka.told import Told

SECONDS = 15
_STATES = {"running": "RUNNING", "paused": "PAUSED", "stopped": "STOPPED"}
_VERBS = {"running": "resume", "paused": "pause", "stopped": "stop"}


class RestError(Exception):
    """The worker's own words."""


@dataclass
class Outcome:
    """`addresses` are the workers' REST APIs; `settled` is whether nothing is awaited."""

    addresses: dict[str, str] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    adapted: list[Adapted] = field(default_factory=list)
    settled: bool = True


class Worker:
    """All workers of one cluster."""

    def __init__(self, place: Place, broker: Broker) -> None:
        self._place = place
        self._broker = broker
        self._restarts: dict[str, int] = {}

    def _process(self, name: str) -> Process:
        return Process(private(self._place.folder / "connect" / name) / "worker.json")

    def _names(self) -> list[str]:
        folder = self._place.folder / "connect"
        return [one.name for one in folder.iterdir()] if folder.is_dir() else []

    def stop(self, keep: Iterable[str] = ()) -> None:
        """Stop the workers; their topics on the cluster stay."""
        for name in set(self._names()) - set(keep):
            self._process(name).stop()

    def reconcile(self, cluster: Cluster) -> Outcome:
        """See that the workers run and have their connectors."""
        outcome = Outcome()
        self.stop(keep=[name_of(body) for body in cluster.connects])
        for body in cluster.connects:
            name = name_of(body)
            listener = connect_settings.listener_of(body, self._broker.listeners)
            if listener is None or not self._place.secret(connect_settings.user(body)).is_dir():
                why = "no listener here has its port" if listener is None else "there is no KafkaUser with its secret"
                outcome.told.append(Told("KafkaConnect", name, False, "NotReady", why))
                outcome.settled = False
                continue
            port = self._start(body, listener, outcome)
            outcome.addresses[name] = f"http://127.0.0.1:{port}"
            if not answers(port):
                process = self._process(name)
                why = "" if process.pid else java.reason(tail(process.path.with_name("worker.log"), 300))
                outcome.told.append(Told("KafkaConnect", name, False, "Starting", why or "the worker is starting"))
                outcome.settled = False
                continue
            mine = [one for one in cluster.connectors if at(one, "metadata", "labels", "strimzi.io/cluster") == name]
            try:
                self._connectors(outcome, port, mine, cluster.namespace)
                outcome.told.append(Told("KafkaConnect", name, True))
            except (RestError, OSError) as error:
                outcome.told.append(Told("KafkaConnect", name, False, "NotReady", str(error)))
                outcome.settled = False
        return outcome

    def _start(self, body: Body, listener: Any, outcome: Outcome) -> int:
        process = self._process(name_of(body))
        folder = process.path.parent
        port = int(read_json(folder / "port.json").get("port", 0))
        if not process.pid:
            port = free_port(port)
            write_json(folder / "port.json", {"port": port})
        secret = self._place.secret(connect_settings.user(body))
        if (secret / "user.key").exists():
            pem = (secret / "user.key").read_bytes() + (secret / "user.crt").read_bytes()
            write_secret(secret / "keystore.pem", pem)
        trust = self._broker.cluster_ca.certificate
        values, adapted = connect_settings.properties(body, secret, listener, trust, port)
        outcome.adapted += adapted
        text = java.properties(values)
        version = str(self._broker.process.facts.get("version", ""))
        digest = hashlib.sha256(f"{version}\n{text}".encode()).hexdigest()
        if process.pid and process.facts.get("digest") == digest:
            return port
        process.stop()
        write_secret(folder / "worker.properties", text)
        line = java.command(version, "org.apache.kafka.connect.cli.ConnectDistributed", folder / "worker.properties")
        process.start(line, folder / "worker.log", {"digest": digest})
        return port

    def _connectors(self, outcome: Outcome, port: int, bodies: list[Body], namespace: str) -> None:
        there = _ask(port, "GET", "/connectors?expand=status&expand=info")
        secrets = self._place.secret("")
        for body in bodies:
            name = name_of(body)
            try:
                outcome.told.append(self._connector(port, body, there.get(name), namespace, secrets))
            except RestError as error:
                outcome.told.append(Told("KafkaConnector", name, False, "ConnectRestException", str(error)))
        for name in sorted(set(there) - {name_of(body) for body in bodies}):
            _ask(port, "DELETE", f"/connectors/{quote(name, safe='')}")
        if any(not one.ready for one in outcome.told):
            outcome.settled = False

    def _connector(self, port: int, body: Body, there: Any, namespace: str, secrets: Any) -> Told:
        name = name_of(body)
        path = f"/connectors/{quote(name, safe='')}"
        wanted = connect_settings.connector(body, namespace, secrets, self._broker.listeners)
        if there is None or at(there, "info", "config") != wanted:
            _ask(port, "PUT", f"{path}/config", wanted)
            self._restarts.pop(name, None)
        state = str(at(body, "spec", "state", default="running"))
        status = _ask(port, "GET", f"{path}/status") if there is not None else {}
        running = str(at(status, "connector", "state", default="UNASSIGNED"))
        if there is not None and running in _STATES.values() and running != _STATES[state]:
            _ask(port, "PUT", f"{path}/{_VERBS[state]}")
            return Told("KafkaConnector", name, False, "Changing", f"{running} becomes {_STATES[state]}")
        tasks = at(status, "tasks", default=[])
        failed = [one for one in tasks if one.get("state") == "FAILED"]
        if running == "FAILED" or failed:
            self._restart(port, path, body)
            trace = str((failed or [at(status, "connector", default={})])[0].get("trace", ""))
            return Told("KafkaConnector", name, False, "ConnectorFailed", java.reason(trace) or "it failed")
        if running != _STATES[state] or (state == "running" and not tasks):
            return Told("KafkaConnector", name, False, "Starting", f"it is {running}")
        return Told("KafkaConnector", name, True)

    def _restart(self, port: int, path: str, body: Body) -> None:
        wanted = at(body, "spec", "autoRestart", default={})
        done = self._restarts.get(path, 0)
        if wanted.get("enabled") and done < int(wanted.get("maxRestarts", 7)):
            self._restarts[path] = done + 1
            _ask(port, "POST", f"{path}/restart?includeTasks=true&onlyFailed=true")


def _ask(port: int, method: str, path: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", data=data, method=method, headers={"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - a worker of ours on this machine
            said = answer.read()
    except urllib.error.HTTPError as error:
        text = error.read().decode("utf-8", "replace")
        try:
            text = str(json.loads(text)["message"])
        except (ValueError, KeyError, TypeError):
            text = text[:300]
        # Connect adds every class that it does know.
        raise RestError(f"{error.code}: {text.partition(', available connectors')[0]}") from error
    return json.loads(said) if said else {}
