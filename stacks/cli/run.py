"""`fleet preview|up|destroy|refresh`: the engine over the stacks that a person names.

Owns      the options of these commands.
Refuses   work of its own: `asked.py` finds the stacks, `stacks/run` runs them, `stacks/tell` tells it.
"""

from pathlib import Path
from typing import Annotated

import typer

from stacks.cli import asked as find
from stacks.cli.exit import Exit
from stacks.cli.output import Output
from stacks.cli.root import stop
from stacks.cli.running import confirm, exit_code, keep, run, tell

Stacks = Annotated[
    list[str] | None,
    typer.Argument(metavar="[STACK]...", help="Stacks, clusters (all their stacks), cells, or globs such as 'app.*'."),
]
All = Annotated[bool, typer.Option("--all", help="Every stack of the fleet.")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, max=256, help="Stacks worked on at the same time.")]
Format = Annotated[Output, typer.Option("--output", help="text, or json in the format of docs/report.schema.json.")]
Diff = Annotated[bool, typer.Option("--diff", help="Tell every property that changes.")]
Packs = Annotated[
    list[str] | None,
    typer.Option("--policy-pack", help="Folder of a policy pack, asked beside the fleet's own; may be repeated."),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
NoChanges = Annotated[bool, typer.Option("--expect-no-changes", help="End with code 4 when anything changes.")]
Shard = Annotated[str, typer.Option("--shard", metavar="I/N", help="Only part I (from 1) of N, for several machines.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (preview, up, destroy, refresh):
        app.command()(command)


def preview(
    stacks: Stacks = None,
    *,
    every: All = False,
    changed: Annotated[bool, typer.Option("--changed", help="Every stack that the change in Git affects.")] = False,
    base: Annotated[
        str | None,
        typer.Option("--base", metavar="REF", help="With --changed: compare with the merge base with REF."),
    ] = None,
    shard: Shard = "",
    plan_file: Annotated[
        Path | None, typer.Option("--plan-file", help="Write what was found, for `fleet up --plan` to be held to.")
    ] = None,
    jobs: Jobs = 2,
    output: Format = Output.text,
    diff: Diff = False,
    policy_pack: Packs = None,
    expect_no_changes: NoChanges = False,
) -> None:
    """Say what applying STACK would do. Changes nothing."""
    from stacks.run.operate import Options

    if changed and (stacks or every):
        stop("--changed finds the stacks itself", "leave out names and --all", Exit.USAGE)
    if base and not changed:
        stop("--base is for --changed", code=Exit.USAGE)
    asked = find.changed(base, jobs, output, shard) if changed else find.named(stacks, every, jobs, output, shard)
    report = run("preview", asked, Options(policy_packs=tuple(policy_pack or ())))
    if plan_file is not None:
        report = keep(report, asked, plan_file)
    if asked.chosen or output is Output.json:
        tell(report, output, diff)
    else:
        typer.echo("no stack of this part is affected" if asked.shard else "the change affects no stack")
    raise SystemExit(int(exit_code(report, expect_no_changes)))


def up(
    stacks: Stacks = None,
    *,
    every: All = False,
    plan: Annotated[
        Path | None,
        typer.Option("--plan", help="Apply what this file holds, and nothing that goes further (docs/approved.md)."),
    ] = None,
    max_age: Annotated[
        int, typer.Option("--max-age", min=0, help="With --plan: hours after which it is refused; 0 for no limit.")
    ] = 168,
    jobs: Jobs = 2,
    output: Format = Output.text,
    diff: Diff = False,
    policy_pack: Packs = None,
    yes: Yes = False,
    resume: Annotated[bool, typer.Option(help="Leave out what the last run did with the same inputs.")] = False,
    clear_pending: Annotated[
        bool, typer.Option(help="You looked: creations whose end was unknown are dealt with; forget them.")
    ] = False,
    expect_no_changes: NoChanges = False,
) -> None:
    """Make STACK what its files say: cells first, then services, then apps."""
    from stacks.run.operate import Options

    if plan is not None and every:
        stop("--plan says which stacks", "leave out --all", Exit.USAGE)
    asked = (
        find.named(stacks, every, jobs, output) if plan is None else find.approved(plan, stacks, jobs, output, max_age)
    )
    options = Options(tuple(policy_pack or ()), clear_pending)
    confirm("up", asked, yes, options)
    report = run("up", asked, options, resume=resume)
    tell(report, output, diff)
    raise SystemExit(int(exit_code(report, expect_no_changes)))


def destroy(
    stacks: Stacks = None,
    *,
    every: All = False,
    jobs: Jobs = 2,
    output: Format = Output.text,
    diff: Diff = False,
    yes: Yes = False,
) -> None:
    """Delete everything in STACK: apps first, then services, then cells. Production is refused."""
    from stacks.run.operate import Options

    asked = find.named(stacks, every, jobs, output)
    if kept := [name for name in asked.chosen if asked.fleet.stacks[name].production]:
        stop(
            f"{', '.join(kept)}: production is not destroyed by a command",
            "name the other stacks one by one",
            Exit.FAILED,
        )
    confirm("destroy", asked, yes, Options())
    report = run("destroy", asked, Options())
    tell(report, output, diff)
    raise SystemExit(int(exit_code(report)))


def refresh(
    stacks: Stacks = None,
    *,
    every: All = False,
    jobs: Jobs = 2,
    output: Format = Output.text,
    diff: Diff = False,
    yes: Yes = False,
    preview_only: Annotated[
        bool, typer.Option("--preview-only", help="Only say what differs; record nothing.")
    ] = False,
    shard: Shard = "",
    expect_no_changes: NoChanges = False,
) -> None:
    """Read STACK from the clouds and record what is different there. Changes nothing in the clouds."""
    from stacks.run.operate import Options

    asked = find.named(stacks, every, jobs, output, shard)
    options = Options(preview_only=preview_only)
    confirm("refresh", asked, yes or preview_only, options)
    report = run("refresh", asked, options)
    tell(report, output, diff)
    raise SystemExit(int(exit_code(report, expect_no_changes)))
