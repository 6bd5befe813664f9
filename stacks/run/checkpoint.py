"""What the backend knows of a stack: read from its checkpoint, never written.

Owns      finding and reading checkpoints: as a file where the backend is a directory, else by `pulumi stack export`.
Refuses   `stack ls`, which is quadratic on such backends: the fleet's files say which stacks there are.
"""

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stacks.run.outcome import PendingOperation
from stacks.run.settings import RunSettings
from stacks.run.values import mask
from stacks.stack import PROJECT, ROOT_TYPE, Stack

Export = Callable[[Stack], str | None]
"""`pulumi stack export` of a stack, or None where the backend has no such stack."""


@dataclass(frozen=True)
class Held:
    """One resource of a state. `external`: it is read only, and belongs to somebody else."""

    urn: str
    type: str
    protect: bool = False
    external: bool = False


@dataclass(frozen=True)
class StackState:
    """One stack as its backend has it.

    resources  those that exist, without the stack's own root resource
    held       every resource, that one too
    salt       what the passphrase was salted with; empty where a key service encrypts
    modified   when the checkpoint was written, as the engine writes time
    """

    exists: bool
    resources: int = 0
    outputs: Mapping[str, Any] | None = None
    salt: str = ""
    pending: tuple[PendingOperation, ...] = ()
    modified: str = ""
    held: tuple[Held, ...] = ()

    @property
    def applied(self) -> bool:
        """Whether anything was ever made of it that still stands."""
        return self.resources > 0


def checkpoints(settings: RunSettings, cell: str) -> Path:
    """Where a directory backend has the checkpoints of a cell's stacks, `<stack>.json` each."""
    return settings.backend_directory(cell) / ".pulumi" / "stacks" / PROJECT


def checkpoint_file(settings: RunSettings, stack: Stack) -> Path | None:
    """The newest checkpoint file of a stack on a directory backend, or None where there is none."""
    directory = checkpoints(settings, stack.cell)
    found = [path for ending in ("", ".gz", ".zst") if (path := directory / f"{stack.name}.json{ending}").is_file()]
    return max(found, key=lambda path: path.stat().st_mtime_ns, default=None)


def exists(settings: RunSettings, stack: Stack) -> bool | None:
    """Whether the backend has the stack; None where only the engine can tell."""
    return checkpoint_file(settings, stack) is not None if settings.local else None


def read_state(settings: RunSettings, stack: Stack, export: Export) -> StackState:
    """The stack's state, cheaply where it is a plain file."""
    if settings.local:
        path = checkpoint_file(settings, stack)
        if path is None:
            return StackState(exists=False)
        if path.suffix != ".zst":
            text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            return _state(json.loads(text).get("checkpoint", {}).get("latest") or {})
    exported = export(stack)
    if exported is None:
        return StackState(exists=False)
    return _state(json.loads(exported).get("deployment") or {})


def lock_files(settings: RunSettings, stack: Stack) -> tuple[Path, ...]:
    """Locks on the stack, on a directory backend."""
    directory = settings.backend_directory(stack.cell) / ".pulumi" / "locks" / "organization" / PROJECT / stack.name
    return tuple(sorted(directory.glob("*.json"))) if settings.local else ()


def _state(deployment: Mapping[str, Any]) -> StackState:
    resources = deployment.get("resources") or []
    root: Mapping[str, Any] = next((one for one in resources if one["type"] == ROOT_TYPE), {})
    secrets = deployment.get("secrets_providers") or {}
    return StackState(
        exists=True,
        resources=sum(one["type"] != ROOT_TYPE for one in resources),
        outputs=mask(root.get("outputs") or {}),
        salt=(secrets.get("state") or {}).get("salt", "") if secrets.get("type") == "passphrase" else "",
        pending=tuple(
            PendingOperation(kind=one["type"], urn=one["resource"]["urn"], type=one["resource"]["type"])
            for one in deployment.get("pending_operations") or ()
        ),
        modified=(deployment.get("manifest") or {}).get("time", ""),
        held=tuple(
            Held(one["urn"], one["type"], bool(one.get("protect")), bool(one.get("external"))) for one in resources
        ),
    )
