"""`fleet graph` and `fleet addresses`: the fleet's networks and addresses, to look at."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from stacks.cli.exit import Exit
from stacks.cli.output import Output
from stacks.cli.root import load, root, stop


class Form(StrEnum):
    """What a picture is written as."""

    svg = "svg"
    mermaid = "mermaid"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(graph)
    app.command()(addresses)


def graph(
    name: Annotated[str | None, typer.Argument(help="A cell or a cluster. By default the whole fleet.")] = None,
    *,
    form: Annotated[Form, typer.Option("--format", help="SVG, or Mermaid for Markdown.")] = Form.svg,
    file: Annotated[Path | None, typer.Option(help="Write it here. By default to the terminal.")] = None,
) -> None:
    """Draw networks, subnets, gateways, links and clusters, and how clients reach them."""
    from stacks.draw import cell as of_cell
    from stacks.draw import fleet as of_fleet
    from stacks.draw.mermaid import mermaid
    from stacks.draw.svg import svg
    from stacks.nearest import nearest

    fleet = load(root())
    if name is None:
        drawing = of_fleet.draw(fleet)
    elif name in fleet.clusters:
        cluster = fleet.clusters[name]
        if cluster.cell not in fleet.cells:
            stop(f"cell '{cluster.cell}' of cluster '{name}' is not valid", "see `fleet validate`")
        drawing = of_cell.draw(fleet, fleet.cells[cluster.cell], cluster)
    elif name in fleet.cells:
        drawing = of_cell.draw(fleet, fleet.cells[name])
    else:
        stop(f"there is no cell or cluster '{name}'", nearest(name, [*fleet.cells, *fleet.clusters]), code=Exit.USAGE)
    _write(svg(drawing) if form is Form.svg else mermaid(drawing), file)


def addresses(
    output: Annotated[Output, typer.Option(help="Text for people, JSON for programs.")] = Output.text,
    picture: Annotated[Path | None, typer.Option(help="Also draw it, as SVG, into this file.")] = None,
) -> None:
    """Show who holds which addresses, and what is left, range by range."""
    from stacks.addresses import stocks
    from stacks.draw.addresses import picture as drawn
    from stacks.tell.addresses import as_json, as_tables

    fleet = load(root())
    if fleet.settings is None:
        stop("fleet/fleet.yaml is missing or broken: it says which addresses there are", "see `fleet validate`")
    length = fleet.settings.address_space.cell_prefix_length
    found = stocks(fleet)
    if picture is not None:
        _write(drawn(fleet.settings.name, found, length), picture)
    if output is Output.json:
        sys.stdout.write(as_json(fleet, found, length))
    else:
        as_tables(fleet, found, length)


def _write(text: str, file: Path | None) -> None:
    if file is None:
        sys.stdout.write(text)
        return
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        stop(f"{file} cannot be written: {error.strerror}")
    sys.stderr.write(f"written: {file}\n")
