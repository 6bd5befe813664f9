"""A copy of the example fleet in a folder of its own, driven by the `fleet` command as a person would.

Owns      the copy, its sandbox and its state.
Refuses   the repository's own `.fleet`: a test never touches what a person has there.
"""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from tools.fleet_copy import copy_fleet, environment


class FleetCopy:
    """`run("preview", "kafka.lab")` gives the report; files are changed with `edit`.

    once  whether the engine writes state at the end alone: for whole fleets of which no run is cut off
    """

    def __init__(self, root: Path, *, once: bool = False) -> None:
        self.root = root
        self._once = once
        copy_fleet(root)

    def command(self, *arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run `fleet` with these arguments."""
        fleet = Path(sys.executable).parent / "fleet"
        return subprocess.run(
            [fleet, *arguments],
            cwd=self.root,
            env=environment(once=self._once),
            capture_output=True,
            text=True,
            check=False,
            **more,
        )

    def run(self, operation: str, *stacks: str) -> "Run":
        """Preview or apply stacks (all if none is named); the report of it."""
        yes = [] if operation == "preview" else ["--yes"]
        done = self.command(operation, *(stacks or ("--all",)), *yes, "--output", "json")
        assert done.stdout.startswith("{"), done.stdout + done.stderr
        return Run(done.returncode, json.loads(done.stdout))

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace the first `old` in a file of the fleet; it must be there."""
        path = self.root / file
        text = path.read_text("utf-8")
        assert old in text, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new, 1), "utf-8")

    def sandbox(self, *arguments: str) -> str:
        """Run `fleet sandbox …`; what it printed."""
        done = self.command("sandbox", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout


class Run:
    """One report."""

    def __init__(self, code: int, report: dict[str, Any]) -> None:
        self.code = code
        self.report = report
        self.outcomes = {outcome["stack"]: outcome for outcome in report["outcomes"]}

    def results(self) -> Counter[str]:
        """Stacks by result."""
        return Counter(outcome["result"] for outcome in self.outcomes.values())

    def resources(self, stack: str) -> list[dict[str, Any]]:
        """What happened to each resource of a stack."""
        found: list[dict[str, Any]] = self.outcomes[stack]["resources"]
        return found

    def changed(self) -> dict[str, str]:
        """URN -> operation, for everything that is not left alone."""
        return {
            resource["urn"]: resource["op"]
            for outcome in self.outcomes.values()
            for resource in outcome["resources"]
            if resource["op"] not in {"same", "read"}
        }

    def said(self) -> str:
        """Every diagnostic, for a failed assertion."""
        return "\n".join(
            f"{stack}: {one['message']}"
            for stack, outcome in self.outcomes.items()
            for one in outcome["diagnostics"]
            if one["severity"] == "error"
        )
