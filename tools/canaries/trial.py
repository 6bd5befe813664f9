"""Runs in which every door gets a secret, and everything that comes out of them.

Owns      which stack gets which secret, the operations, and the texts that leave: on the screen, in reports, in files.
Refuses   a runner of its own: it is the product's.
"""

import io
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from stacks.approve.document import dump
from stacks.approve.make import approved
from stacks.plan.document import Affected, Estimate, Plan, Through
from stacks.pull import comment, notes
from stacks.pull.gather import pull
from stacks.pull.page import page
from stacks.run.many import Request, run_many
from stacks.run.operate import Options
from stacks.run.outcome import Operation
from stacks.run.report import Report
from stacks.run.settings import RunSettings
from stacks.stack import Stack
from stacks.tell.diff import write_diff
from stacks.tell.problems import write
from stacks.tell.summary import write_summary
from tools.canaries.provider import serving
from tools.canaries.secret import Canary
from tools.engine import engine

DOORS = (
    "passphrase",
    "provider configuration",
    "Output.secret",
    "provider output",
    "error text",
    "plain to secret",
    "print",
    "log",
    "exception",
    "RunError",
    "stack output",
)
"""By which a secret gets into a run."""
_STACKS = ("cell.quiet", "cell.refused", "cell.printed", "cell.logged", "cell.raised", "cell.failed")


def trial(folder: Path, canaries: Mapping[str, Canary]) -> dict[str, str]:
    """Do it in an empty folder. Name of a way out -> all that came out by it, but for the process' own output."""
    (folder / "stacks").mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text("name: kafka-fleet\nruntime: python\nmain: stacks\n")
    shutil.copy(Path(__file__).parent / "program.py", folder / "stacks" / "__main__.py")
    phrase = folder / "passphrase"
    phrase.write_text(canaries["passphrase"].value)
    stacks = {name: Stack(name, "cell", "one", f"fleet/cells/{name}.yaml", False, after=()) for name in _STACKS}
    reports: list[Report] = []
    with serving(canaries["provider output"].value) as provider:
        settings = RunSettings(
            root=folder,
            program=folder / "stacks" / "__main__.py",
            state_root=(folder / ".fleet" / "state").as_uri(),
            engine=engine(),
            sandbox=provider,
            passphrase_file=phrase,
        )
        earlier: set[Path] = set()
        for operation, secret in _ROUNDS:
            if secret and not earlier:
                # What a backend keeps of the time when a value was declared plain holds it as it was declared then.
                earlier = {path for path in (folder / ".fleet" / "state").rglob("*") if path.is_file()}
            (folder / "plan.json").write_text(json.dumps(_plan(canaries, secret=secret)))
            reports.append(run_many(Request(operation, stacks, stacks, Options()), settings))
    (folder / "plan.json").unlink()
    phrase.unlink()
    return {**_told(reports, stacks), **_left(folder, earlier)}


_ROUNDS: tuple[tuple[Operation, bool], ...] = (
    ("preview", False),
    ("up", False),
    ("preview", True),
    ("up", True),
    ("preview", True),
    ("refresh", True),
)
"""Operations, and whether the value that was plain at first is a secret by now."""


def _plan(canaries: Mapping[str, Canary], *, secret: bool) -> dict[str, Any]:
    def known(door: str) -> dict[str, Any]:
        """The program holds the secret of a door before it is careless with it."""
        return {"secret": {"held": canaries[door].value}}

    def texts(door: str) -> list[str]:
        return [*canaries[door].encoded().values()]

    turned = {"turned": canaries["plain to secret"].value}
    return {
        "cell.quiet": {
            "provider": canaries["provider configuration"].value,
            "secret": {"held": canaries["Output.secret"].value, **(turned if secret else {})},
            "plain": {} if secret else turned,
            "outputs": {"greeting": canaries["stack output"].value},
        },
        "cell.refused": {"refused": {"thing": texts("error text")}},
        "cell.printed": {**known("print"), "printed": [texts("print")]},
        "cell.logged": {**known("log"), "logged": [texts("log")]},
        "cell.raised": {**known("exception"), "raised": [texts("exception")]},
        "cell.failed": {**known("RunError"), "failed": [texts("RunError")]},
    }


def _told(reports: list[Report], stacks: Mapping[str, Stack]) -> dict[str, str]:
    planned = Plan(base="a" * 40, head="b" * 40, stacks=tuple(map(_affected, stacks.values())))
    pulls = [pull(planned, [report]) for report in reports]
    screen = Console(file=io.StringIO(), width=10_000, color_system=None)
    for report in reports:
        write_summary(report, screen)
        for outcome in report.outcomes:
            write_diff(outcome, screen)
    assert isinstance(screen.file, io.StringIO)  # noqa: S101 - made two lines above
    told = {
        "run report": [report.model_dump_json() for report in reports],
        "screen": [screen.file.getvalue()],
        "comment": [comment.comment(one) for one in pulls],
        "summary": [comment.summary(one) for one in pulls],
        "page": [page(one) for one in pulls],
        "report JSON": [one.model_dump_json() for one in pulls],
        "approved plan": [
            dump(approved(one, stacks, {}, lambda _stack: {}, head="h", base="b", engine="e"))
            for one in reports
            if one.operation == "preview"
        ],
    }
    for form, name in (("sarif", "SARIF"), ("github", "annotations"), ("gitlab", "code quality")):
        stream = io.StringIO()
        for one in pulls:
            write(notes.problems(one), form, stream)
        told[name] = [stream.getvalue()]
    return {name: "\n".join(texts) for name, texts in told.items()}


def _affected(stack: Stack) -> Affected:
    return Affected(
        stack=stack.name,
        kind="cell",
        action="update",
        cell=stack.cell,
        owner="a",
        environment="dev",
        production=False,
        wave=1,
        file=stack.file,
        through=(Through(kind="file", file=stack.file),),
        impact="dynamic",
        estimate=Estimate(seconds=0),
    )


def _left(folder: Path, earlier: set[Path]) -> dict[str, str]:
    """Files that stay: the state in its backend but for its history before `plain to secret`, and everything else."""
    texts: dict[str, list[str]] = {"state": [], "files left": []}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            if path in earlier and {"history", "backups"} & set(path.parts):
                continue
            is_state = path.is_relative_to(folder / ".fleet" / "state")
            texts["state" if is_state else "files left"].append(path.read_text("utf-8", errors="replace"))
    return {name: "\n".join(found) for name, found in texts.items()}
