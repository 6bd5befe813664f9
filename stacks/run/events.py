"""The engine's event log, read into typed results.

Owns      which events and which of their fields are kept: an allow-list.
Refuses   the engine's printed text, debug and info messages, and values named like secrets.
"""

import json
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stacks.run.outcome import Diagnostic, PolicyViolation, PropertyChange, Remediation, ResourceChange
from stacks.run.values import lookup, mask, shown, veiled
from stacks.stack import ROOT_TYPE

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|<\{%[^%]*%\}>|[\x00-\x08\x0b-\x1f\x7f]")
_FINAL = {"replace": 3, "create": 2, "update": 2, "delete": 2}
"""A replacement is several steps on one URN; the one that names it wins."""


@dataclass
class Digest:
    """What a run's events say so far; `feed` it lines as they come."""

    resources: dict[str, ResourceChange] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    has_outputs: bool = False
    diagnostics: list[Diagnostic] = field(default_factory=list)
    policies: list[PolicyViolation] = field(default_factory=list)
    remediations: list[Remediation] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    finished: bool = False
    succeeded: bool = False
    done: int = 0

    def feed(self, lines: Iterable[str | bytes]) -> None:
        """Take more lines of the log."""
        for line in lines:
            self._event(json.loads(line))

    def _event(self, event: Mapping[str, Any]) -> None:
        if found := event.get("resourcePreEvent"):
            self._step(found["metadata"])
        elif found := event.get("resOutputsEvent"):
            self._outputs(found["metadata"])
        elif found := event.get("resOpFailedEvent"):
            self._failed(found["metadata"])
        elif found := event.get("diagnosticEvent"):
            self._diagnostic(found)
        elif found := event.get("policyEvent"):
            self._policy(found)
        elif found := event.get("policyRemediationEvent"):
            # What it holds beside these are the values before and after.
            self.remediations.append(
                Remediation(policy=found.get("policyName", ""), urn=found.get("resourceUrn") or "")
            )
        elif found := event.get("summaryEvent"):
            self.counts = dict(found.get("resourceChanges") or {})
            self.finished = True
            self.succeeded = found.get("result", "succeeded") == "succeeded"

    def _step(self, step: Mapping[str, Any]) -> None:
        urn, op = step["urn"], step["op"]
        known = self.resources.get(urn)
        if known is not None and _FINAL.get(known.op, 1) > _FINAL.get(op, 1):
            return
        old, new = step.get("old") or {}, step.get("new") or {}
        self.resources[urn] = ResourceChange(
            urn=urn,
            type=step["type"],
            op=op,
            changes=_changes(step, old, new) if op != "same" else (),
            lifts_protection=bool(old.get("protect")) and bool(new) and not new.get("protect"),
        )

    def _outputs(self, step: Mapping[str, Any]) -> None:
        self.done += 1
        if step["type"] == ROOT_TYPE:
            outputs = (step.get("new") or {}).get("outputs")
            if outputs is not None:
                self.outputs = mask(outputs)
                self.has_outputs = True

    def _failed(self, step: Mapping[str, Any]) -> None:
        if known := self.resources.get(step["urn"]):
            self.resources[step["urn"]] = known.model_copy(update={"failed": True})

    def _diagnostic(self, event: Mapping[str, Any]) -> None:
        if event.get("severity") in ("warning", "error") and not event.get("ephemeral"):
            message = clean(event.get("message", ""))
            self.diagnostics.append(Diagnostic(severity=event["severity"], message=message, urn=event.get("urn") or ""))

    def _policy(self, event: Mapping[str, Any]) -> None:
        self.policies.append(
            PolicyViolation(
                pack=event.get("policyPackName", ""),
                policy=event.get("policyName", ""),
                level=event.get("enforcementLevel", ""),
                message=clean(event.get("message", "")),
                urn=event.get("resourceUrn") or "",
            )
        )


class EventLog:
    """The growing file that an engine writes, read from where the last reading ended."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._digest = Digest()
        self._offset = 0
        self._lock = threading.Lock()

    def read(self) -> Digest:
        """Take in what has been written since; a line still being written waits for the next call.

        May be called by the one that shows progress while the one that runs the engine waits for its end.
        """
        with self._lock:
            try:
                with self.path.open("rb") as file:
                    file.seek(self._offset)
                    data = file.read()
            except FileNotFoundError:
                return self._digest
            whole = data[: data.rfind(b"\n") + 1]
            self._offset += len(whole)
            self._digest.feed(whole.splitlines())
            return self._digest


def clean(message: str) -> str:
    """Text for a terminal, a file or a comment: without colours and control characters."""
    return _CONTROL.sub("", message).strip()


def _changes(step: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[PropertyChange, ...]:
    detailed: Mapping[str, Any] = step.get("detailedDiff") or {}
    paths = {path: (change.get("diffKind", "update"), change.get("inputDiff")) for path, change in detailed.items()}
    for key in step.get("diffs") or ():
        if not any(path == key or path.startswith((f"{key}.", f"{key}[")) for path in paths):
            paths[key] = ("update", True)
    found = []
    for path, (kind, of_inputs) in sorted(paths.items()):
        before = lookup(old.get("inputs" if of_inputs else "outputs"), path)
        after = lookup(new.get("inputs"), path)
        old_text, new_text = shown(path, veiled(before, after)), shown(path, veiled(after, before))
        found.append(PropertyChange(path=path, kind=kind, old=old_text, new=new_text))
    return tuple(found)
