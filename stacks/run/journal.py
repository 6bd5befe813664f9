"""What a run did, line by line, so that one that dies can be told and resumed.

Owns      `.fleet/runs/<id>.jsonl`: the beginning, each stack's start and end, the end.
Refuses   outputs, values and messages: a journal says what happened, not what is in it.
"""

import json
import os
import secrets
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stacks.run.outcome import Operation, Outcome
from stacks.run.settings import RunSettings


@dataclass(frozen=True)
class Past:
    """An earlier run as its journal tells it.

    done       stack -> digest of the inputs that it was done with
    open       stacks that were started and whose end was not recorded
    finished   whether the run itself ended
    """

    id: str
    operation: Operation
    asked: tuple[str, ...]
    done: Mapping[str, str]
    open: tuple[str, ...]
    finished: bool


class Journal:
    """The journal of the run under way; every line is on disk before the next step."""

    def __init__(self, settings: RunSettings, operation: Operation, stacks: Collection[str]) -> None:
        now = datetime.now(UTC)
        self.id = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
        self._path = _directory(settings) / f"{self.id}.jsonl"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._write(event="began", operation=operation, stacks=sorted(stacks), process=os.getpid())

    def started(self, stack: str, digest: str) -> None:
        """A stack is about to be worked on."""
        self._write(event="started", stack=stack, digest=digest)

    def ended(self, outcome: Outcome) -> None:
        """A stack's end, whatever it was."""
        self._write(
            event="ended",
            stack=outcome.stack,
            result=outcome.result,
            counts=outcome.counts,
            seconds=outcome.seconds,
        )

    def finish(self) -> None:
        """The run itself ended."""
        self._write(event="finished")

    def _write(self, **line: Any) -> None:
        line["time"] = datetime.now(UTC).isoformat(timespec="milliseconds")
        with self._lock, self._path.open("a") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())


def last_run(settings: RunSettings, operation: Operation) -> Past | None:
    """The newest run of that operation, or None where there was none."""
    for path in sorted(_directory(settings).glob("*.jsonl"), reverse=True):
        past = read(path)
        if past is not None and past.operation == operation:
            return past
    return None


def read(path: Path) -> Past | None:
    """A journal as it stands; its last line may have been cut off by a crash."""
    lines = []
    for text in path.read_text().splitlines():
        try:
            lines.append(json.loads(text))
        except json.JSONDecodeError:
            break
    if not lines:
        return None
    digests: dict[str, str] = {}
    done: dict[str, str] = {}
    for line in lines[1:]:
        if line["event"] == "started":
            digests[line["stack"]] = line["digest"]
        elif line["event"] == "ended":
            digest = digests.pop(line["stack"], "")
            if line["result"] == "ok":
                done[line["stack"]] = digest
    return Past(
        id=path.stem,
        operation=lines[0]["operation"],
        asked=tuple(lines[0]["stacks"]),
        done=done,
        open=tuple(sorted(digests)),
        finished=lines[-1]["event"] == "finished",
    )


def _directory(settings: RunSettings) -> Path:
    return settings.scratch / "runs"
