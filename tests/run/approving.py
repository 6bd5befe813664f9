"""An approved plan of a tests' project: previewed, sealed, written to text and read back, as the commands do it."""

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

from stacks.approve.document import Approved, dump, load
from stacks.approve.gate import gate
from stacks.approve.make import approved
from stacks.run.many import Request, run_many
from stacks.run.operate import Options
from stacks.run.outcome import Outcome
from stacks.run.report import Observer, Report
from stacks.stack import Stack
from tests.run.project import Project

Gone = Mapping[str, Collection[str]]


class Approving:
    """`preview` gives the text of a plan, `up` applies a text. `gone` are stacks whose file is gone."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def inputs(self, stack: Stack) -> Mapping[str, str]:
        """What a stack's program will ask for stands in the project's plan."""
        plans = json.loads((self.project.root / "plan.json").read_text())
        return {"result": hashlib.sha256(json.dumps(plans[stack.name]).encode()).hexdigest(), "cluster": "c"}

    def report(self, *names: str, gone: Gone | None = None) -> Report:
        """A preview."""
        stacks = self.project.stacks
        return run_many(Request("preview", names or tuple(stacks), stacks, gone=gone or {}), self.project.settings)

    def preview(self, *names: str, gone: Gone | None = None) -> str:
        """A preview, approved."""
        return self.approve(self.report(*names, gone=gone), gone or {})

    def approve(self, report: Report, gone: Gone) -> str:
        """The plan of a preview."""
        stacks = self.project.stacks
        return dump(approved(report, stacks, gone, self.inputs, head="h", base="b", engine="3.250.0"))

    def request(self, text: str, gone: Collection[str] = (), **more: Any) -> Request:
        """What an up of a plan asks for."""
        plan: Approved = load(text)
        fleet = {name: stack for name, stack in self.project.stacks.items() if name not in gone}
        opened = gate(plan, fleet, tuple(plan.stacks), self.inputs)
        return Request("up", tuple(plan.stacks), opened.stacks, gone=opened.gone, approval=opened.approval, **more)

    def up(
        self, text: str, gone: Collection[str] = (), observer: Observer | None = None, **more: Any
    ) -> dict[str, Outcome]:
        """Apply a plan; outcomes by stack."""
        report = run_many(self.request(text, gone, **more), self.project.settings, observer)
        return {one.stack: one for one in report.outcomes}

    def before(self, plans: Mapping[str, Any]) -> None:
        """What is applied before anybody approves anything, or by somebody else in between."""
        kept = (self.project.root / "plan.json").read_text() if (self.project.root / "plan.json").exists() else "{}"
        self.project.plan(plans)
        report = self.project.run("up", *plans, options=Options())
        assert {one.result for one in report.outcomes} == {"ok"}, report
        self.project.plan(json.loads(kept))
