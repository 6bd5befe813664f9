"""`fleet sandbox`: the clouds on this machine, for trying a change and for tests. It is not a cloud and says so."""

import contextlib
import dataclasses
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from stacks.cli.exit import Exit
from stacks.cli.output import Output
from stacks.cli.root import root
from stacks.cli.root import stop as halt

group = typer.Typer(
    help="The sandbox: three clouds and Kubernetes, simulated strictly on this machine.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add the command group."""
    app.add_typer(group, name="sandbox")


def state_dir() -> Path:
    """Where the sandbox keeps its database, address and log."""
    return root() / ".fleet" / "sandbox"


@group.command()
def start() -> None:
    """Start the sandbox, or say where it runs."""
    from sandbox import control

    with _told():
        at = control.start(state_dir())
    ports = ", ".join(f"{name} {port}" for name, port in at.ports.items())
    sys.stdout.write(f"the sandbox runs as process {at.pid}: {ports}\n")


@group.command()
def stop() -> None:
    """Stop the sandbox. What was made in it stays for the next start."""
    from sandbox import control

    with _told():
        stopped = control.stop(state_dir())
    sys.stdout.write("the sandbox was stopped\n" if stopped else "no sandbox was running\n")


@group.command()
def status(output: Annotated[Output, typer.Option("--output", help="text or json.")] = Output.text) -> None:
    """What the sandbox holds, and who judges each type."""
    from sandbox import control

    with _told():
        found = control.status(state_dir())
    if output is Output.json:
        _json(dataclasses.asdict(found))
        return
    running = f"process {found.pid}, up {found.uptime_seconds:.0f} s" if found.pid else "not running; its state is kept"
    sys.stdout.write(f"sandbox: {running}\n")
    for cloud, counts in found.counts.items():
        sys.stdout.write(f"\n{cloud}: {sum(counts.values())} resources\n")
        sys.stdout.writelines(f"  {number:5}  {type_}\n" for type_, number in sorted(counts.items()))
    sys.stdout.write("\njudged by\n")
    for row in found.judged:
        judges = [*(["SDK types"] if row.sdk else []), *([row.api] if row.api else []), f"{row.laws} laws"]
        sys.stdout.write(f"  {row.type}: {', '.join(judges)}{f' ({row.note})' if row.note else ''}\n")
    for fault in found.faults:
        sys.stdout.write(f"fault: {fault}\n")


@group.command()
def ls(
    type_: Annotated[str, typer.Option("--type", help="Glob on the type, e.g. 'aws:ec2*'.")] = "*",
    cloud: Annotated[str, typer.Option(help="Glob on the cloud.")] = "*",
    output: Annotated[Output, typer.Option("--output", help="text or json.")] = Output.text,
) -> None:
    """List resources, oldest first."""
    from sandbox import control

    with _told():
        found = control.ls(state_dir(), type=type_, cloud=cloud)
    if output is Output.json:
        _json([dataclasses.asdict(row) for row in found])
        return
    sys.stdout.writelines(f"{row.type}  {row.id}  {row.account} {row.region}\n" for row in found)


@group.command()
def get(what: Annotated[str, typer.Argument(help="A URN or a provider id.")]) -> None:
    """Show one resource with its inputs and outputs; secrets are hidden."""
    from sandbox import control

    with _told():
        found = control.get(state_dir(), what)
    if not found:
        halt(f"nothing in the sandbox is called '{what}'", "`fleet sandbox ls` lists what there is", Exit.USAGE)
    _json([dataclasses.asdict(row) for row in found])


def _json(value: object) -> None:
    sys.stdout.write(json.dumps(value, indent=2, sort_keys=True, default=str) + "\n")


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Ends the command with a line where the sandbox says no."""
    from sandbox.control import SandboxError

    try:
        yield
    except SandboxError as error:
        halt(str(error))


faults = typer.Typer(
    help="Faults that the sandbox shall have: for trying out what a failure does.", no_args_is_help=True
)
group.add_typer(faults, name="fault")


@faults.command()
def add(
    kind: Annotated[str, typer.Argument(help="latency, throttle, quota, partial, kill-before or kill-after.")],
    type_: Annotated[str, typer.Option("--type", help="Glob on the type.")] = "*",
    method: Annotated[str, typer.Option(help="create, read, update, delete or *.")] = "*",
    count: Annotated[int | None, typer.Option(min=1, help="How often; always if not given.")] = None,
    probability: Annotated[float, typer.Option(min=0, max=1, help="Share of the calls that it hits.")] = 1.0,
    seed: Annotated[int, typer.Option(help="From which the share is drawn.")] = 0,
    seconds: Annotated[float | None, typer.Option(min=0, help="Of a latency.")] = None,
    limit: Annotated[int | None, typer.Option(min=0, help="Of a quota.")] = None,
) -> None:
    """Ask for a fault. It works at once."""
    from sandbox import control

    given = {name: value for name, value in (("seconds", seconds), ("limit", limit)) if value is not None}
    with _told():
        number = control.fault_add(
            state_dir(), kind, type_, method=method, count=count, probability=probability, seed=seed, parameters=given
        )
    sys.stdout.write(f"fault {number}: {kind} on {type_}\n")


@faults.command("ls")
def fault_ls() -> None:
    """List the faults that were asked for, and how often each has fired."""
    from sandbox import control

    with _told():
        found = control.fault_list(state_dir())
    _json([dataclasses.asdict(fault) for fault in found])


@faults.command()
def clear(number: Annotated[int | None, typer.Argument(help="Which one; all if not given.")] = None) -> None:
    """Take back one fault, or all."""
    from sandbox import control

    with _told():
        gone = control.fault_clear(state_dir(), number)
    sys.stdout.write(f"{gone} fault{'s' * (gone != 1)} taken back\n")
