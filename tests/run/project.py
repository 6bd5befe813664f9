"""A fleet of programs that tests write: settings, stacks and runs over a temporary folder."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stacks.run.many import Request, run_many
from stacks.run.operate import Options
from stacks.run.outcome import Operation, Outcome
from stacks.run.passphrase import passphrase_file
from stacks.run.report import Report
from stacks.run.settings import RunSettings
from stacks.stack import Stack
from tools.engine import engine

PROGRAM = """
import json, pathlib, pulumi

class Box(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("kafkafleet:test:Box", name)
        self.register_outputs({})

here = pathlib.Path(__file__).resolve().parents[1]
plan = json.loads((here / "plan.json").read_text())[pulumi.get_stack()]
if plan.get("fail"):
    raise pulumi.RunError(plan["fail"])
box = Box("box")
# Default providers are disabled, as in the product.
tiny = pulumi.ProviderResource("tiny", "tiny", {}) if plan.get("things") else None
for name, inputs in plan.get("things", {}).items():
    inputs = dict(inputs)
    options = pulumi.ResourceOptions(parent=box, provider=tiny, protect=inputs.pop("protect", None))
    if "password" in inputs:
        inputs["password"] = pulumi.Output.secret(inputs["password"])
    pulumi.CustomResource("tiny:index:Thing", name, inputs, options)
if plan.get("cell"):
    cell = pulumi.StackReference(f"organization/kafka-fleet/{plan['cell']}")
    pulumi.export("from_cell", cell.get_output("greeting"))
    def expected(greeting):
        if greeting != plan.get("expects", greeting):
            raise pulumi.RunError(f"the cell says {greeting!r}")
    cell.get_output("greeting").apply(expected)
for name, value in plan.get("outputs", {}).items():
    pulumi.export(name, pulumi.Output.secret(value) if name.startswith("secret") else value)
"""


@dataclass
class Project:
    """`plan` says what each stack's program makes; it is read anew by each run."""

    root: Path
    sandbox: str = ""
    backend: str = ""
    stacks: dict[str, Stack] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.root / "Pulumi.yaml").write_text("name: kafka-fleet\nruntime: python\nmain: stacks\n")
        (self.root / "stacks").mkdir(exist_ok=True)
        (self.root / "stacks" / "__main__.py").write_text(PROGRAM)

    def declare(self, name: str, *, after: Collection[str] = (), production: bool = False) -> Stack:
        kind, _, rest = name.partition(".")
        self.stacks[name] = Stack(
            name,
            "cell" if kind == "cell" else "service",
            "one",
            "fleet/x.yaml",
            production,
            cluster="" if kind == "cell" else rest,
            after=tuple(after),
        )
        return self.stacks[name]

    def plan(self, plans: Mapping[str, Any]) -> None:
        (self.root / "plan.json").write_text(json.dumps(plans))

    @property
    def settings(self) -> RunSettings:
        found = RunSettings(
            root=self.root,
            program=self.root / "stacks" / "__main__.py",
            state_root=(self.root / ".fleet" / "state").as_uri(),
            engine=engine(),
            sandbox=self.sandbox,
        )
        # The passphrase of a laptop's own state will do for a shared one that is a test's.
        shared = {"state_root": self.backend} if self.backend else {}
        return found.model_copy(update={"passphrase_file": passphrase_file(found, {}), **shared})

    def run(self, operation: Operation, *names: str, options: Options | None = None, **request: Any) -> Report:
        asked = Request(operation, names or tuple(self.stacks), self.stacks, options or Options(), **request)
        return run_many(asked, self.settings)

    def one(self, operation: Operation, name: str, options: Options | None = None) -> Outcome:
        return self.run(operation, name, options=options).outcomes[0]

    def checkpoint(self, name: str) -> Path:
        return self.root / ".fleet/state/one/.pulumi/stacks/kafka-fleet" / f"{name}.json"


def ops(outcome: Outcome) -> dict[str, str]:
    """Logical name -> operation, without the stack's own resource and providers."""
    return {
        one.name: one.op
        for one in outcome.resources
        if not one.type.startswith(("pulumi:pulumi:", "pulumi:providers:"))
    }
