"""Where a cluster's things are on this machine: `<state>/kafka/<cluster>/…`.

Owns      the folders, their modes, and writing files that nobody else may read.
Refuses   a file with a secret that is readable by others at any moment: it is made with its mode, then renamed.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = "kafka"


def private(path: Path) -> Path:
    """A folder that only its owner enters."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.chmod(0o700)
    return path


def write_secret(path: Path, data: str | bytes) -> None:
    """Write a file that only its owner reads, in one step."""
    private(path.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data.encode() if isinstance(data, str) else data)
    draft.replace(path)


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write a JSON file in one step."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(value, indent=2, sort_keys=True) + "\n", "utf-8")
    draft.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """What a JSON file holds; nothing where there is none."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def root(state_dir: Path) -> Path:
    """The folder of all clusters."""
    return state_dir / FOLDER


@dataclass(frozen=True)
class Place:
    """The files of one cluster."""

    state_dir: Path
    cluster: str

    @property
    def folder(self) -> Path:
        """Everything of the cluster."""
        return root(self.state_dir) / self.cluster

    @property
    def data(self) -> Path:
        """The broker's log directory."""
        return self.folder / "data"

    @property
    def status(self) -> Path:
        """What the reconciler says of the cluster."""
        return self.folder / "status.json"

    def secret(self, name: str) -> Path:
        """The folder that stands for the Kubernetes Secret of that name: a file a key."""
        return self.folder / "secrets" / name

    def make(self) -> "Place":
        """The same, with its folders there."""
        private(root(self.state_dir))
        private(self.folder)
        private(self.folder / "secrets")
        return self
