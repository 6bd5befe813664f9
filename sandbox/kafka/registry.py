"""The schema registry of one cluster here: one program with Confluent's API stands for whichever is declared.

Owns      starting and finding it again on the same port, its compatibility for subjects that state none.
Refuses   to fetch the program, which is larger than Kafka, because objects were applied: `fleet sandbox start
          --kafka real --registry` does; and to wait until it answers, for topics and users must not wait for it.
"""

import hashlib
import http.client
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sandbox.kafka import subjects
from sandbox.kafka.adapted import Adapted
from sandbox.kafka.declared import Body, Cluster, at, name_of, registry_of
from sandbox.kafka.place import Place, private, read_json, write_json
from sandbox.kafka.process import Process, free_port, tail
from sandbox.kafka.told import Told
from sandbox.kafka.worker import Outcome
from tools import kafka
from tools.kafka import registry as program

PATH = "/apis/ccompat/v7"
HEAP_MIB = 192
SECONDS = 15
STARTING = "Starting"
_FETCH = f"its program is not on this machine: `fleet sandbox start --kafka real --registry` fetches {program.PROGRAM}"
_SET_AT = re.compile(r"COMPATIBILITY(_LEVEL)?$")
"""How the variable ends by which each program is told the compatibility of subjects that state none."""


class RegistryError(Exception):
    """The registry's own words."""


class Registry:
    """All schema registries of one cluster: one, or none."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def _process(self, name: str) -> Process:
        return Process(private(self._place.folder / "registry" / name) / "registry.json")

    def stop(self, keep: Iterable[str] = ()) -> None:
        """Stop those that are not kept; their schemas stay."""
        folder = self._place.folder / "registry"
        for name in {one.name for one in folder.iterdir()} - set(keep) if folder.is_dir() else ():
            self._process(name).stop()

    def reconcile(self, cluster: Cluster) -> Outcome:
        """See that it runs as declared, and that the apps' subjects are in it."""
        outcome = Outcome()
        self.stop(keep=[name_of(body) for body in cluster.registries])
        for body in cluster.registries:
            name = name_of(body)
            if not program.cached():
                outcome.adapted.append(Adapted(name, _container(body)["image"], "not run, nor its subjects", _FETCH))
                continue
            process = self._process(name)
            ended = _ended(process)
            port = self._start(process)
            outcome.addresses[name] = f"http://127.0.0.1:{port}{PATH}"
            why = "it stands for the declared program; its schemas are in a file of this machine, not in topics"
            outcome.adapted.append(Adapted(name, _container(body)["image"], f"{program.PROGRAM}, plain HTTP", why))
            mine = [one for one in cluster.subjects if one.get("kind") == "Job" and registry_of(one)[0] == name]
            try:
                _compatible(port, body)
            except (RegistryError, OSError, http.client.HTTPException) as error:
                outcome.told.append(
                    Told("SchemaRegistry", name, False, "Ended" if ended else STARTING, ended or str(error))
                )
                outcome.told += [Told("Job", name_of(job), False, "Waiting", f"for {name}") for job in mine]
                outcome.settled = False
                continue
            note = f"{program.PROGRAM} stands in for {_container(body)['image']}"
            outcome.told.append(Told("SchemaRegistry", name, True, note=note))
            folder = process.path.parent
            outcome.told += subjects.carry_out(folder, mine, cluster.subjects, outcome.addresses[name])
        return outcome

    def _start(self, process: Process) -> int:
        folder = process.path.parent
        port = int(read_json(folder / "port.json").get("port", 0))
        line = _command(folder, port)
        if process.pid and process.facts.get("digest") == _digest(line):
            return port
        process.stop()
        port = free_port(port)
        write_json(folder / "port.json", {"port": port})
        line = _command(folder, port)
        process.start(line, folder / "registry.log", {"digest": _digest(line)})
        return port


def _command(folder: Path, port: int) -> list[str]:
    settings = {
        "quarkus.http.host": "127.0.0.1",
        "quarkus.http.port": port,
        # What was answered must be on disk: the process may be killed, and a Job that succeeded is not run again.
        "quarkus.datasource.jdbc.url": f"jdbc:h2:file:{folder / 'schemas'};WRITE_DELAY=0",
        "quarkus.datasource.jdbc.initial-size": 1,
        "quarkus.datasource.jdbc.min-size": 1,
        "quarkus.log.level": "WARN",
    }
    flags = [f"-Xmx{HEAP_MIB}m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    return [
        str(kafka.java()),
        *flags,
        *(f"-D{key}={value}" for key, value in settings.items()),
        "-jar",
        str(program.runner()),
    ]


def _digest(line: list[str]) -> str:
    return hashlib.sha256("\n".join(line).encode()).hexdigest()


def _ended(process: Process) -> str:
    """The last words of one that ended by itself; empty where it runs, or was stopped, or never was."""
    return tail(process.path.with_name("registry.log"), 3) if process.path.exists() and not process.pid else ""


def _container(body: Body) -> Any:
    return at(body, "spec", "template", "spec", "containers")[0]


def _compatible(port: int, body: Body) -> None:
    """Ask for what the object says of subjects that state no compatibility of their own."""
    variables = at(_container(body), "env", default=[])
    wanted = next((str(one.get("value", "")) for one in variables if _SET_AT.search(str(one["name"]))), "").upper()
    if wanted and _ask(port, "GET", "/config").get("compatibilityLevel") != wanted:
        _ask(port, "PUT", "/config", {"compatibility": wanted})


def _ask(port: int, method: str, path: str, body: Any = None) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        data = None if body is None else json.dumps(body)
        connection.request(method, f"{PATH}{path}", data, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        said = answer.read().decode("utf-8", "replace")
    finally:
        connection.close()
    if answer.status >= http.HTTPStatus.BAD_REQUEST:
        raise RegistryError(f"{method} {path} is refused with {answer.status}: {said[:300]}")
    return json.loads(said)
