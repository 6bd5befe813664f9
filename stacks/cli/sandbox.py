"""`fleet sandbox`: the clouds on this machine, for trying a change and for tests. It is not a cloud and says so."""

import contextlib
import dataclasses
import json
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from stacks.cli.exit import Exit
from stacks.cli.output import Output
from stacks.cli.root import load, root
from stacks.cli.root import stop as halt
from stacks.cli.trace import trace

group = typer.Typer(
    help="The sandbox: three clouds and Kubernetes, simulated strictly on this machine.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add the command group."""
    app.add_typer(group, name="sandbox")


group.command()(trace)


def state_dir() -> Path:
    """Where the sandbox keeps its database, address and log."""
    return root() / ".fleet" / "sandbox"


class Kubernetes(StrEnum):
    """What stands behind the clouds' managed clusters."""

    model = "model"
    real = "real"


class Kafka(StrEnum):
    """What stands behind the declared Kafka clusters."""

    none = "none"
    real = "real"


@group.command()
def start(
    kubernetes: Annotated[
        Kubernetes | None,
        typer.Option(help="`real`: an API server for each managed cluster. By default what it had before, or model."),
    ] = None,
    kafka: Annotated[
        Kafka | None,
        typer.Option(help="`real`: a broker on this machine for each Kafka cluster. By default as before, or none."),
    ] = None,
    cluster: Annotated[
        list[str] | None, typer.Option(help="With --kafka real: only this cluster; may be given again. All by default.")
    ] = None,
    registry: Annotated[
        bool,
        typer.Option("--registry", help="With --kafka real: fetch (142 MB, once) what stands for schema registries."),
    ] = False,
) -> None:
    """Start the sandbox, or say where it runs."""
    from sandbox import control
    from sandbox.kafka import control as kafkas

    clusters = _clusters(kafka, cluster)
    if registry and kafka is not Kafka.real:
        halt("--registry is for a real Kafka's schema registries", "add --kafka real", Exit.USAGE)
    with _told():
        if registry:
            kafkas.fetch_registry()
        at = control.start(state_dir(), kubernetes.value if kubernetes else None, tell=_progress)
        ports = ", ".join(f"{name} {port}" for name, port in at.ports.items())
        sys.stdout.write(f"the sandbox runs as process {at.pid}: {ports}\n")
        if kafka is Kafka.none:
            kafkas.forget(state_dir())
        elif kafka is Kafka.real or kafkas.wanted(state_dir()):
            pid = kafkas.start(state_dir(), clusters if kafka else None)
            which = ", ".join(clusters) if clusters else "every cluster that has one" if kafka else "as before"
            sys.stdout.write(f"real Kafka ({which}) is kept by process {pid}; nodes start as objects are applied\n")


def _clusters(kafka: Kafka | None, named: list[str] | None) -> list[str]:
    """The clusters that were named, each declared; none where all are meant."""
    if not named:
        return []
    if kafka is not Kafka.real:
        halt("--cluster says which clusters get a real Kafka", "add --kafka real", Exit.USAGE)
    from stacks.nearest import nearest

    fleet = load(root())
    for name in named:
        if name not in fleet.clusters:
            halt(f"no file declares cluster '{name}'", nearest(name, fleet.clusters), Exit.USAGE)
    return sorted(set(named))


def _progress(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@group.command()
def stop() -> None:
    """Stop the sandbox. What was made in it stays for the next start."""
    from sandbox import control
    from sandbox.kafka import control as kafkas

    with _told():
        stopped = kafkas.stop(state_dir())
        stopped = control.stop(state_dir()) or stopped
    sys.stdout.write("the sandbox was stopped\n" if stopped else "no sandbox was running\n")


@group.command()
def kubeconfig(cell: Annotated[str, typer.Argument(help="A cell that was applied.")]) -> None:
    """Write a kubeconfig for the real API server of CELL, readable by you alone, and print its path."""
    from sandbox import control
    from sandbox.kafka.place import private, write_secret

    with _told():
        text = control.kubeconfig(state_dir(), cell)
    path = private(root() / ".fleet" / "connect") / f"kubeconfig-{cell}.yaml"
    write_secret(path, text)
    sys.stdout.write(f"{path}\n")


@group.command()
def status(output: Annotated[Output, typer.Option("--output", help="text or json.")] = Output.text) -> None:
    """What the sandbox holds, who judges each type, and the real Kafkas."""
    from sandbox import control
    from sandbox.kafka import control as kafkas

    with _told():
        found = control.status(state_dir())
    nodes = kafkas.status(state_dir())
    if output is Output.json:
        _json({**dataclasses.asdict(found), "kafka": nodes})
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
    if nodes:
        from stacks.connect.told import lines

        sys.stdout.writelines(f"{line}\n" for line in ("", *lines(nodes)))


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
