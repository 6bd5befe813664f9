"""`fleet render`: what a stack is built from, without an engine."""

import json
import sys
from typing import Annotated

import typer

from stacks.cli.exit import Exit
from stacks.cli.output import Output
from stacks.cli.root import load, root, stop


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(render)


def render(
    stack: Annotated[str, typer.Argument(help="A stack, e.g. kafka.payments-prod.")],
    manifests: Annotated[bool, typer.Option("--manifests", help="Print the Kubernetes objects as YAML.")] = False,
    output: Annotated[Output, typer.Option("--output", help="text or json.")] = Output.text,
) -> None:
    """Print the resolved document of STACK, each value with the file and line that supplied it."""
    from stacks import render as rendering
    from stacks.nearest import nearest

    fleet = load(root())
    if stack not in fleet.stacks:
        stop(
            f"no file declares stack '{stack}'", nearest(stack, fleet.stacks) or "`fleet status` lists them", Exit.USAGE
        )
    chosen = fleet.stacks[stack]
    if manifests:
        items = rendering.manifests(fleet, chosen)
        text = (
            json.dumps([m.body for m in items], indent=2) + "\n" if output is Output.json else rendering.as_yaml(items)
        )
        sys.stdout.write(text)
        return
    rows = list(rendering.values(fleet, chosen))
    reasons = rendering.explain(fleet, chosen)
    if output is Output.json:
        told = [{"path": list(path), "value": value, "origin": origin} for path, value, origin in rows]
        sys.stdout.write(json.dumps({"stack": stack, "values": told, "reasons": list(reasons)}, indent=2) + "\n")
        return
    lines = [(".".join(map(str, path)), json.dumps(value, ensure_ascii=False), origin) for path, value, origin in rows]
    wide = min(max((len(f"{path}: {value}") for path, value, _ in lines), default=0), 72)
    for path, value, origin in lines:
        sys.stdout.write(f"{f'{path}: {value}':<{wide}}  # {origin}\n")
    for reason in reasons:
        sys.stdout.write(f"# {reason}\n")
