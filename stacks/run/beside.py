"""Where a stack is previewed that the backend does not have: beside the state, in a folder that is gone afterwards.

Owns      a backend of files with the one empty stack in it and, for what stands on a cell, the cell's outputs.
Refuses   writing where the state is: whoever previews a new stack may have no right to, and leaves nothing behind.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stacks.run.checkpoint import checkpoints
from stacks.run.settings import RunSettings
from stacks.run.workdir import WorkDirectory
from stacks.stack import PROJECT, ROOT_TYPE, Stack


@contextmanager
def beside(settings: RunSettings, stack: Stack, cell: Mapping[str, Any]) -> Iterator[WorkDirectory]:
    """A work directory whose engines see the stack, empty, and the stack of its cell with these outputs."""
    folder = settings.scratch / "beside"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{stack.name}-", dir=folder) as made:
        here = Path(made)
        phrase = here / "passphrase"
        phrase.write_text("encrypts nothing: a preview keeps no state")
        changed = {"state_root": (here / "state").as_uri(), "secrets_provider": "passphrase", "passphrase_file": phrase}
        at = settings.model_copy(update=changed)
        _write(at, stack.cell, stack.name, [])
        if stack.kind != "cell":
            _write(at, stack.cell, f"cell.{stack.cell}", [_root(f"cell.{stack.cell}", cell)])
        work = WorkDirectory(at, stack, here / "work")
        work.prepare()
        yield work


def _write(settings: RunSettings, cell: str, name: str, resources: list[Mapping[str, Any]]) -> None:
    """A checkpoint as the engine writes it."""
    stacks = checkpoints(settings, cell)
    stacks.mkdir(parents=True, exist_ok=True)
    # Without it the engine takes a backend with stacks for one of the time before there were projects.
    (stacks.parents[1] / "meta.yaml").write_text("version: 1\n")
    state = {"stack": f"organization/{PROJECT}/{name}", "latest": {"manifest": {}, "resources": resources}}
    (stacks / f"{name}.json").write_text(json.dumps({"version": 3, "checkpoint": state}))


def _root(name: str, outputs: Mapping[str, Any]) -> Mapping[str, Any]:
    urn = f"urn:pulumi:{name}::{PROJECT}::{ROOT_TYPE}::{PROJECT}-{name}"
    return {"urn": urn, "custom": False, "type": ROOT_TYPE, "outputs": dict(outputs)}
