"""Policy packs on their way to an engine: the fleet's own in every preview and apply, a person's beside it.

Owns      the arguments by which the CLI is told of packs, and the files with their settings.
Refuses   policies (`policies/`), and leaving the fleet's own pack out: no option does that.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from stacks.run.workdir import WorkDirectory
from stacks.stack import Stack


@dataclass(frozen=True)
class Rules:
    """The fleet's own pack.

    folder       what `--policy-pack` takes
    environment  what an engine needs to reach it, from the PATH that the engine would have
    settings     what the pack is told of a stack: levels, settings and scope
    """

    folder: str
    environment: Callable[[str], Mapping[str, str]]
    settings: Callable[[Stack], Mapping[str, Any]]

    def adjust(self, environment: Mapping[str, str]) -> Mapping[str, str]:
        """An engine's environment, with which it finds the pack."""
        return {**environment, **self.environment(environment.get("PATH", ""))}


@contextmanager
def packs(rules: Rules | None, others: Sequence[str], stack: Stack, work: WorkDirectory) -> Iterator[list[str]]:
    """Arguments for one engine process; its settings files live as long."""
    told = {rules.folder: rules.settings(stack)} if rules is not None else {}
    # The CLI wants settings of every pack, or of none.
    told |= {folder: {} for folder in others}
    arguments, files = [], []
    try:
        for folder, settings in told.items():
            file = work.run_file("policies")
            files.append(file)
            file.write_text(json.dumps(settings))
            arguments += ["--policy-pack", folder, "--policy-pack-config", str(file)]
        yield arguments
    finally:
        for file in files:
            file.unlink(missing_ok=True)
