"""The sandbox from outside its process: start, stop, status, look, and ask for faults.

Owns      the process's life and every view of its state. Looking works on the file, whether or not a server runs.
Refuses   a second server on one state folder, and a signal to any process that is not ours.
"""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock

from sandbox import address, faults
from sandbox.address import MODEL, REAL, Address
from sandbox.store import FILE, Row, Store
from sandbox.view import Resource, Status, resource, status_of

CLOUDS = "sandbox.models:clouds"
READY_SECONDS = 30
STOP_SECONDS = 30


class SandboxError(Exception):
    """What went wrong with the sandbox itself, told to a person."""


def start(
    state_dir: Path,
    kubernetes: str | None = None,
    ports: Mapping[str, int] | None = None,
    *,
    warm: bool = True,
    models: str = CLOUDS,
    tell: Callable[[str], None] = lambda _text: None,
) -> Address:
    """Start a server on `state_dir` and wait until it answers; the running one is returned where there is one.

    kubernetes  `model`, or `real`: a real API server behind each managed cluster (built first where it is not there
                yet); None is what this folder had before, `model` at first
    warm        import what every modelled type needs in the background: the first preview need not wait for it
    models      `module:function` with the clouds to play, for tests of the sandbox itself
    tell        called with a line about what takes long
    """
    state_dir = state_dir.resolve()
    state_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(state_dir / "start.lock"):
        wanted = _kubernetes(state_dir, kubernetes)
        running = address.live(state_dir)
        if running is not None:
            return running
        if wanted == REAL:
            _obtain(tell)
        command = [
            sys.executable,
            "-m",
            "sandbox.serve",
            str(state_dir),
            "--kubernetes",
            wanted,
            "--models",
            models,
        ]
        command += ["--warm"] if warm else []
        command += [f"--port={name}={port}" for name, port in (ports or {}).items()]
        with (state_dir / "sandbox.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=Path(__file__).parent.parent,
            )
        return _wait_ready(state_dir, process)


def _kubernetes(state_dir: Path, wanted: str | None) -> str:
    """What Kubernetes is to be in this folder: what it was made with, as long as it holds objects of it."""
    before = address.read(state_dir)
    was = before.kubernetes if before else MODEL
    if wanted is None or (wanted == was and before):
        return was
    if wanted not in {MODEL, REAL}:
        raise SandboxError(f"'{wanted}' is no Kubernetes of the sandbox: {MODEL} or {REAL}")
    if wanted != was and address.live(state_dir):
        raise SandboxError(f"the sandbox runs with Kubernetes '{was}': stop it, then start it with '{wanted}'")
    if wanted != was and before and (state_dir / FILE).exists() and (held := ls(state_dir, cloud="kubernetes")):
        raise SandboxError(
            f"the sandbox in '{state_dir}' holds {len(held)} Kubernetes objects that were made with '{was}', and "
            f"'{wanted}' would not know them: start it with '{was}', or remove the folder"
        )
    return wanted


def _obtain(tell: Callable[[str], None]) -> None:
    """Have the API server's binaries and everything that it is started with, before the process that needs them."""
    from tools.crds import CrdsError, definitions
    from tools.kubernetes import KubernetesError, binaries

    try:
        binaries(tell)
        definitions()
    except (KubernetesError, CrdsError) as error:
        raise SandboxError(str(error)) from error


def _wait_ready(state_dir: Path, process: subprocess.Popen[bytes]) -> Address:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        code = process.poll()
        if code is not None:
            raise SandboxError(f"the sandbox ended with code {code} before it was ready:\n{_tail(state_dir)}")
        found = address.read(state_dir)
        if found is not None and found.pid == process.pid and address.live(state_dir):
            return found
        time.sleep(0.02)
    process.kill()
    raise SandboxError(f"the sandbox was not ready after {READY_SECONDS} s:\n{_tail(state_dir)}")


def _tail(state_dir: Path) -> str:
    log = state_dir / "sandbox.log"
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])


def stop(state_dir: Path) -> bool:
    """Stop the server of `state_dir`; False where none runs."""
    running = address.read(state_dir)
    if running is None or address.process_start(running.pid) != running.started:
        _end_leftovers(state_dir)
        return False
    os.kill(running.pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(running.pid, os.WNOHANG)
        if address.process_start(running.pid) != running.started:
            # It may have been killed by somebody else meanwhile, and then it ended nothing.
            _end_leftovers(state_dir)
            return True
        time.sleep(0.02)
    os.kill(running.pid, signal.SIGKILL)
    _end_leftovers(state_dir)
    return True


def _end_leftovers(state_dir: Path) -> None:
    """API servers outlive a sandbox that was killed."""
    if (state_dir / "kube").is_dir():
        from sandbox.kube.servers import end_leftovers

        end_leftovers(state_dir)


def kubeconfig(state_dir: Path, cluster: str) -> str:
    """A kubeconfig (YAML) with which `kubectl` talks to the real API server of a managed cluster, as administrator."""
    from sandbox.kube import kubeconfig as files

    if (running := address.live(state_dir)) is None or running.kubernetes != REAL:
        raise SandboxError("no API server runs: start the sandbox with `fleet sandbox start --kubernetes real`")
    path, names = files.find(state_dir / "kube", cluster)
    if path is None:
        known = ", ".join(names) or "none yet: a cluster gets its API server when a stack first talks to it"
        raise SandboxError(f"no managed cluster '{cluster}' has an API server; those that do: {known}")
    return path.read_text(encoding="utf-8")


def debug_providers(state_dir: Path) -> str:
    """Value of PULUMI_DEBUG_PROVIDERS, with which every engine attaches to this sandbox."""
    running = address.live(state_dir)
    if running is None:
        raise SandboxError(f"no sandbox runs on '{state_dir}': start one with `fleet sandbox start`")
    return ",".join(f"{name}:{port}" for name, port in running.ports.items())


@contextlib.contextmanager
def _store(state_dir: Path) -> Iterator[Store]:
    if not (state_dir / FILE).exists():
        raise SandboxError(f"'{state_dir}' holds no sandbox: start one with `fleet sandbox start`")
    store = Store(state_dir)
    try:
        yield store
    finally:
        store.connection().close()


def status(state_dir: Path) -> Status:
    """How the sandbox is: process, ports, what it holds and who judges it."""
    with _store(state_dir) as store:
        return status_of(store, address.live(state_dir))


def ls(state_dir: Path, type: str = "*", cloud: str = "*", account: str = "*") -> list[Resource]:
    """Resources by glob on type, cloud and account, oldest first."""
    with _store(state_dir) as store:
        rows = store.rows("type GLOB ? AND cloud GLOB ? AND account GLOB ?", (type, cloud, account))
        return [resource(row) for row in rows]


def get(state_dir: Path, urn_or_id: str) -> list[Resource]:
    """The resources with this URN or provider id (the same id may exist in several accounts)."""
    with _store(state_dir) as store:
        return [resource(row) for row in store.rows("urn = ? OR id = ?", (urn_or_id, urn_or_id))]


def drift(state_dir: Path, urn_or_id: str, path: str, value: Any) -> None:
    """Change a property behind the engine's back, as somebody in the cloud's console would; None takes it away."""
    with _store(state_dir) as store:
        row = _only(store, urn_or_id)
        inputs, outputs = (_with(side, path, value) for side in (row.record.inputs, row.record.outputs))
        changed = type(row.record)(**{**vars(row.record), "inputs": inputs, "outputs": outputs})
        _behind(state_dir, store, row, _patch(path, value))
        with store.effect() as connection:
            store.replace(connection, row.number, changed, row.secrets)


def remove(state_dir: Path, urn_or_id: str) -> None:
    """Delete a resource behind the engine's back."""
    with _store(state_dir) as store:
        row = _only(store, urn_or_id)
        _behind(state_dir, store, row, None)
        with store.effect() as connection:
            store.delete(connection, row.number)


def _behind(state_dir: Path, store: Store, row: Row, patch: Mapping[str, Any] | None) -> None:
    """The same in the real API server, where one stands behind the resource; None deletes."""
    running = address.live(state_dir)
    if row.record.scope.cloud == "kubernetes" and running is not None and running.kubernetes == REAL:
        from sandbox.kube.outside import change

        change(state_dir, store, row.record, patch)


def _only(store: Store, urn_or_id: str) -> Row:
    rows = store.rows("urn = ? OR id = ?", (urn_or_id, urn_or_id))
    if len(rows) != 1:
        raise SandboxError(f"'{urn_or_id}' is {len(rows)} resources: give the URN or id of exactly one")
    return rows[0]


def _with(properties: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    copied: dict[str, Any] = json.loads(json.dumps(properties))
    *parents, last = path.split(".")
    place = copied
    for key in parents:
        place = place.setdefault(key, {})
    if value is None:
        place.pop(last, None)
    else:
        place[last] = value
    return copied


def _patch(path: str, value: Any) -> dict[str, Any]:
    """A merge patch: None takes away."""
    *parents, last = path.split(".")
    patch = {last: value}
    for key in reversed(parents):
        patch = {key: patch}
    return patch


def fault_add(
    state_dir: Path,
    kind: str,
    type: str = "*",
    *,
    method: str = "*",
    count: int | None = None,
    probability: float = 1.0,
    seed: int = 0,
    parameters: Mapping[str, Any] | None = None,
) -> int:
    """Ask for a fault; its number. Works at once on a running server: it reads the rules at every call."""
    with _store(state_dir) as store, store.effect() as connection:
        try:
            return faults.add(
                connection,
                kind,
                type,
                method=method,
                count=count,
                probability=probability,
                seed=seed,
                parameters=parameters,
            )
        except ValueError as error:
            raise SandboxError(str(error)) from error


def fault_list(state_dir: Path) -> list[faults.Fault]:
    """Every fault that was asked for."""
    with _store(state_dir) as store:
        return faults.rules(store.connection())


def fault_clear(state_dir: Path, id: int | None = None) -> int:
    """Take back one fault, or all; how many went."""
    with _store(state_dir) as store, store.effect() as connection:
        return faults.clear(connection, id)


def calls(state_dir: Path, last: int = 100) -> list[Mapping[str, Any]]:
    """The last calls of the engine, oldest first."""
    with _store(state_dir) as store:
        connection = store.connection()
        connection.row_factory = sqlite3.Row
        found = connection.execute("SELECT * FROM log ORDER BY number DESC LIMIT ?", (last,)).fetchall()
        return [dict(row) for row in reversed(found)]
