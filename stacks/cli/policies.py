"""`fleet policies`: what the rules are, how strict they are where, and what they say of stacks without an engine."""

import json
import sys
from typing import Annotated, Any, get_args

import typer

from stacks.cli.exit import Exit
from stacks.cli.output import Output
from stacks.cli.root import load, root, stop
from stacks.cli.validate import Format

_TEXT = typer.Option("--output", help="text or json.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="The policies of this fleet: listed, checked offline, told to the stock command line.")
    group.callback(invoke_without_command=True)(listed)
    group.command()(check)
    group.command()(config)
    app.add_typer(group, name="policies")


def listed(context: typer.Context, output: Annotated[Output, _TEXT] = Output.text) -> None:
    """List every policy with how strict it is in each environment, and who may leave it today."""
    if context.invoked_subcommand:
        return
    from components.cell.spec import Environment
    from policies.discover import policies
    from stacks import policy_config

    fleet = load(root())
    environments = get_args(Environment)
    rows: list[dict[str, Any]] = [
        {
            "policy": one.name,
            "title": one.title,
            "severity": one.severity,
            "levels": {name: policy_config.own_level(fleet, one, name) for name in environments},
            "exceptions": policy_config.leavers(fleet, one.name),
        }
        for one in policies().values()
    ]
    if output is Output.json:
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
        return
    wide = max(len(row["policy"]) for row in rows)
    head = "  ".join(f"{name:<9}" for name in environments)
    sys.stdout.write(f"{'policy':<{wide}}  {'severity':<8}  {head}  title\n")
    for row in rows:
        levels = "  ".join(f"{row['levels'][name]:<9}" for name in environments)
        left = f"; until {', '.join(row['exceptions'])}" if row["exceptions"] else ""
        sys.stdout.write(f"{row['policy']:<{wide}}  {row['severity']:<8}  {levels}  {row['title']}{left}\n")


def check(
    stacks: Annotated[
        list[str] | None,
        typer.Argument(help="Stacks, clusters, cells or patterns. Without: all of them, and the fleet as a whole."),
    ] = None,
    across: Annotated[
        bool, typer.Option("--across", help="Only the policies that look across stacks: `fleet plan` leaves them out.")
    ] = False,
    output: Annotated[Format, typer.Option("--format", help="How problems are told.")] = Format.text,
) -> None:
    """Judge what stacks become, without an engine or a cloud. Exit code 3 when a mandatory policy is broken.

    What is only known after an apply is judged by the engine's pack, in `fleet preview` and `fleet up`.
    """
    from stacks.judge import fleet_verdicts, problem, verdicts
    from stacks.read import source
    from stacks.rendition.make import rendition
    from stacks.run.select import NoSuchStack, select
    from stacks.tell.problems import write

    if across and stacks:
        stop("--across is about the whole fleet", "name no stacks with it", Exit.USAGE)
    at = root()
    fleet = load(at)
    try:
        names = select(fleet.stacks, stacks) if stacks else tuple(fleet.stacks)
    except NoSuchStack as error:
        stop(str(error), code=Exit.USAGE)
    rendered = {name: rendition(fleet, fleet.stacks[name]) for name in names}
    found = [] if across else [one for name in names for one in verdicts(fleet, fleet.stacks[name], rendered[name])]
    found += fleet_verdicts(fleet, rendered) if not stacks else ()
    told = [problem(one) for one in found]
    write(told, output.value, sys.stdout, source=source(at), color=sys.stdout.isatty())
    refused = sum(one.refuses for one in found)
    if output is Format.text:
        sys.stdout.write(f"{len(names)} stacks: {refused} refused, {len(found) - refused} to look at\n")
    if refused:
        raise SystemExit(int(Exit.PROBLEMS))


def config(stack: Annotated[str, typer.Argument(help="A stack, e.g. kafka.payments-prod.")]) -> None:
    """Print the pack's configuration for STACK, as the stock command line takes it in `--policy-pack-config`."""
    from stacks import policy_config
    from stacks.nearest import nearest

    fleet = load(root())
    if stack not in fleet.stacks:
        hint = nearest(stack, fleet.stacks) or "`fleet status` lists them"
        stop(f"no file declares stack '{stack}'", hint, Exit.USAGE)
    said: dict[str, Any] = policy_config.config(fleet, fleet.stacks[stack])
    sys.stdout.write(json.dumps(said, indent=2) + "\n")
