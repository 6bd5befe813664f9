"""The real Kafkas from outside their process: start, stop, status, and where a cluster is.

Owns      the process's life and every view of it.
Refuses   a second process on one state folder, and a start where Kafka or Java cannot be had.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock

from sandbox.address import process_start
from sandbox.control import SandboxError
from sandbox.kafka.admin import SOURCE
from sandbox.kafka.declared import read
from sandbox.kafka.place import Place, private, read_json, root, write_json
from sandbox.kafka.serve import CHOICE, FILE, LOG, chosen, leave
from tools import kafka
from tools.kafka import registry

READY_SECONDS = 30
STOP_SECONDS = 60


def process(state_dir: Path) -> int:
    """Id of the running process; 0 where there is none."""
    found = read_json(root(state_dir) / FILE)
    pid, started = int(found.get("pid", 0)), int(found.get("started", 0))
    return pid if pid and started and process_start(pid) == started else 0


def missing() -> str:
    """Why this machine cannot have a real Kafka; empty where it can, and then jars and classes are there."""
    try:
        kafka.classes(SOURCE, kafka.folder())
    except kafka.KafkaError as error:
        return str(error)
    return ""


def fetch_registry() -> None:
    """Obtain the program that stands for schema registries; SandboxError where it cannot be had."""
    try:
        registry.folder()
    except kafka.KafkaError as error:
        raise SandboxError(f"no schema registry on this machine: {error}") from error


def wanted(state_dir: Path, cluster: str | None = None) -> bool:
    """Whether a cluster was chosen to have a real Kafka; without a name, whether any was when this last started."""
    choice = root(state_dir) / CHOICE
    return choice.exists() and (cluster is None or chosen(state_dir, cluster))


def forget(state_dir: Path) -> None:
    """Stop everything, and start nothing of it with the next sandbox. The data stays."""
    stop(state_dir)
    (root(state_dir) / CHOICE).unlink(missing_ok=True)


def start(state_dir: Path, clusters: Sequence[str] | None = None) -> int:
    """Start the process, or tell the running one which clusters are wanted; its id.

    clusters  names; empty means all, None the ones that were wanted before

    Jars and Java are obtained first, so that a machine without them is told here and not by every cluster.
    """
    state_dir = state_dir.resolve()
    if why := missing():
        raise SandboxError(f"no real Kafka on this machine: {why}")
    folder = private(root(state_dir))
    with FileLock(folder / "start.lock"):
        if clusters is not None or not (folder / CHOICE).exists():
            write_json(folder / CHOICE, {"clusters": sorted(clusters or ())})
        if running := process(state_dir):
            return running
        with (folder / LOG).open("ab") as log:
            child = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
                [sys.executable, "-m", "sandbox.kafka.serve", str(state_dir)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=Path(__file__).parent.parent.parent,
            )
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if process(state_dir) == child.pid:
                return child.pid
            if child.poll() is not None:
                break
            time.sleep(0.02)
        raise SandboxError(f"the process of the real Kafkas did not start: see {folder / LOG}")


def stop(state_dir: Path) -> bool:
    """Stop the process and every node, also those whose process was killed; False where none ran."""
    state_dir = state_dir.resolve()
    pid = process(state_dir)
    if pid:
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while process(state_dir) == pid and time.monotonic() < deadline:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            time.sleep(0.02)
        if process(state_dir) == pid:
            os.kill(pid, signal.SIGKILL)
    return leave(state_dir, keep=set()) > 0 or bool(pid)


def status(state_dir: Path) -> list[dict[str, Any]]:
    """What is known of each cluster that has or had a node here, by name."""
    folder = root(state_dir)
    found = []
    for one in sorted(folder.iterdir()) if folder.is_dir() else ():
        if one.is_dir() and (said := read_json(Place(state_dir, one.name).status)):
            if said.get("state") != "stopped" and not process(state_dir):
                said = {**said, "message": "its reconciler does not run: `fleet sandbox start --kafka real`"}
            found.append(said)
    return found


def of(state_dir: Path, cluster: str) -> dict[str, Any]:
    """What is known of one cluster; nothing where it has no node here."""
    return read_json(Place(state_dir, cluster).status)


def secret(state_dir: Path, cluster: str, name: str) -> Path:
    """The folder that stands for a Secret of a cluster."""
    return Place(state_dir, cluster).secret(name)


def wait(state_dir: Path, clusters: Iterable[str], seconds: float = 180) -> dict[str, dict[str, Any]]:
    """Wait until each cluster is as the store has it now; what its status says. Objects may still be refused."""
    declared = read(state_dir)
    deadline = time.monotonic() + seconds
    found: dict[str, dict[str, Any]] = {}
    for name in clusters:
        if name not in declared:
            raise SandboxError(f"no Kafka object of cluster '{name}' was applied: `fleet up {name}`")
        while True:
            said, keeper = of(state_dir, name), process(state_dir)
            # What an earlier process said may no longer be so.
            mine = keeper and said.get("keeper") == keeper and said.get("observed") == declared[name].digest
            if mine and said.get("state") == "ready":
                break
            if time.monotonic() > deadline or not keeper:
                why = said.get("message") or said.get("state") or "its node was not started"
                raise SandboxError(f"the Kafka of cluster '{name}' is not ready: {why}")
            time.sleep(0.1)
        found[name] = said
    return found
