"""Every stack of a fleet by its digest, from all files, with nothing left out.

Owns      a second way from a folder to digests: the whole fleet is loaded, services and apps are told by their objects,
          cells by what the one program's `build` registers.
Refuses   `stacks.rendition` (but for its recorder) and everything of `stacks.plan`: they are on trial.

`python -m tools.affected.oracle ROOT` prints a JSON object; so the code of another revision is asked.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from stacks import render, request
from stacks.fleet import Fleet
from stacks.load import load
from stacks.stack import Stack
from tools import strimzi
from tools.strimzi.versions import expected

_cells: dict[str, dict[str, str]] = {}
"""Digests of cells by the bytes of everything that could decide them, as whole files: recording one takes a second."""


def digests(root: Path) -> dict[str, str]:
    """Digest by stack, of each that is valid enough to be built."""
    fleet = load(root)
    if fleet.settings is None:
        return {}
    found = _of_cells(root, fleet)
    for stack in fleet.stacks.values():
        if stack.kind != "cell" and fleet.stands(fleet.clusters[stack.cluster]):
            found |= _tried(stack, partial(_objects, fleet, stack))
    return found


def _tried(stack: Stack, told: Callable[[], object]) -> dict[str, str]:
    """The digest, or nothing for a stack that cannot be built: such a revision is told as broken."""
    try:
        return {stack.name: _digest(told())}
    except Exception:  # noqa: BLE001 - whatever a broken file makes of the code, the stack is not there
        return {}


def by_its_own_code(root: Path) -> dict[str, str]:
    """The same by the code that lies below `root`."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-m", "tools.affected.oracle", str(root)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def _objects(fleet: Fleet, stack: Stack) -> object:
    cluster = fleet.clusters[stack.cluster]
    asked = (
        request.app(fleet, fleet.apps[(stack.cluster, stack.app)])
        if stack.kind == "app"
        else request.service(fleet, cluster, stack.service)[1]
    )
    endpoints: object = None
    if stack.kind == "service":
        from components import catalog

        entry, given = request.service(fleet, cluster, stack.service)
        endpoints = dict(catalog.load(entry.endpoints)(given))
    told = [
        (m.role, m.body, m.protect and asked.protected, list(m.after), list(m.ignore))
        for m in render.manifests(fleet, stack)
    ]
    return [stack.name, stack.cell, endpoints, sorted(told, key=lambda each: each[0])]


def _of_cells(root: Path, fleet: Fleet) -> dict[str, str]:
    from components import catalog

    files = sorted(
        path
        for part in ("fleet.yaml", "cells", "profiles")
        for path in [root / "fleet" / part, *(root / "fleet" / part).rglob("*")]
        if path.is_file()
    )
    inline = [root / cell.resolved.file for cell in fleet.cells.values() if cell.inline]
    key = _digest(
        [(str(path.relative_to(root)), path.read_text("utf-8", "replace")) for path in [*files, *sorted(inline)]]
    )
    if key not in _cells:
        _cells[key] = {}
        for cell in fleet.cells.values():
            if cell.spec.cloud in catalog.clouds():
                stack = fleet.stacks[f"cell.{cell.name}"]
                _cells[key] |= _tried(stack, partial(_recorded, fleet, stack))
    return dict(_cells[key])


def _recorded(fleet: Fleet, stack: Stack) -> object:
    from stacks.build import build
    from stacks.rendition.record import record

    with _no_crds():
        seen = record(lambda: build(fleet, stack)).seen
    return sorted(
        json.dumps(
            [r.type, r.name, r.inputs, r.parent, r.provider, r.protect, r.after, r.ignore, r.options],
            sort_keys=True,
            default=str,
        )
        for r in seen
    )


@contextmanager
def _no_crds() -> Iterator[None]:
    """A megabyte of CRDs in every cell is most of the time, and follows from the operator's version, which stands in
    its release too. The check that the version is known stays."""
    real = strimzi.folder

    def none(version: str) -> Path:
        (Path(scratch) / "crds.json").write_text(json.dumps([]) if expected(version) else "")
        return Path(scratch)

    with tempfile.TemporaryDirectory(prefix="kafka-fleet-oracle-") as scratch:
        strimzi.folder = none  # type: ignore[assignment]
        try:
            yield
        finally:
            strimzi.folder = real


def _digest(told: object) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(digests(Path(sys.argv[1]))))
