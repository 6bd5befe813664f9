"""The digest of all that decides what a stack becomes: two equal digests ask the engine for the same thing.

Owns      which inputs count: resolved files, the program's code, the engine, and the day where credentials end by it.
Refuses   state: what exists is the engine's to compare (drift is not an input).
"""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from stacks.fleet import Fleet
from stacks.stack import Stack
from stacks.today import today

_CODE = ("stacks", "components", "policies")


def input_digest(fleet: Fleet, stack: Stack, engine: Path) -> str:
    """Digest of one stack's inputs."""
    inputs = {"stack": stack.name, "engine": str(engine), **parts(fleet, stack)}
    if stack.app and any(user.credentials for user in fleet.apps[stack.cluster, stack.app].spec.users.values()):
        inputs["today"] = str(today())
    return _of(inputs)


def parts(fleet: Fleet, stack: Stack) -> dict[str, str]:
    """Digests of what a stack follows from: fleet, cell, cluster, app, code."""
    found = {"code": _code(fleet.root)[:16]}
    if fleet.settings_resolved is not None:
        found["fleet"] = _of(fleet.settings_resolved.data)
    if stack.cell in fleet.cells:
        found["cell"] = _of(fleet.cells[stack.cell].resolved.data)
    if stack.cluster:
        found["cluster"] = _of(fleet.clusters[stack.cluster].resolved.data)
    if stack.app:
        found["app"] = _of(fleet.apps[stack.cluster, stack.app].resolved.data)
    return found


def _of(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()[:16]


@cache
def _code(root: Path) -> str:
    """Digest of the program's own source and of the locked versions of everything that it imports."""
    total = hashlib.sha256()
    for path in (root / "uv.lock", *(path for folder in _CODE for path in sorted((root / folder).rglob("*.py")))):
        if path.is_file():
            total.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()
