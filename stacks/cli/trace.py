"""`fleet sandbox trace`: whether a client reaches a cluster, as the clouds on this machine stand."""

import json
import sys
from typing import Annotated

import typer

from stacks.cli.exit import Exit
from stacks.cli.output import Output
from stacks.cli.root import root
from stacks.cli.root import stop as halt


def trace(
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="PLACE",
            help="internet:<address>, network:<network>[:<address>], hub:<hub>:<address> or cell:<cell>.",
        ),
    ],
    cluster: Annotated[str, typer.Option("--to", metavar="CLUSTER", help="The Kafka cluster.")],
    listener: Annotated[str, typer.Option(help="By default the one for clients outside of its Kubernetes.")] = "",
    hops: Annotated[bool, typer.Option("--hops", help="Show the hops of what is reachable, too.")] = False,
    output: Annotated[Output, typer.Option("--output", help="text or json.")] = Output.text,
) -> None:
    """Say whether a client reaches the bootstrap and every broker of a cluster, and if not, at which hop it ends."""
    from sandbox.trace import TraceError
    from sandbox.trace.render import lines, plain
    from sandbox.trace.state import ask

    try:
        found = ask(root() / ".fleet" / "sandbox", source, cluster, listener)
    except TraceError as error:
        halt(str(error), code=Exit.USAGE)
    if output is Output.json:
        sys.stdout.write(json.dumps(plain(found), indent=2, sort_keys=True) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in lines(found, every_hop=hops))
    if not found.reachable:
        raise SystemExit(int(Exit.FAILED))
