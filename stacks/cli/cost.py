"""`fleet cost`: what cells and clusters cost a month, from the files alone."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from stacks.cli.exit import Exit
from stacks.cli.output import Output
from stacks.cli.root import load, root, stop

if TYPE_CHECKING:
    from components.cost.contract import Bill
    from stacks.fleet import Fleet


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(cost)


def cost(
    names: Annotated[
        list[str] | None, typer.Argument(help="Cells and clusters. By default all.", metavar="[CELL|CLUSTER]…")
    ] = None,
    what: Annotated[
        bool, typer.Option("--what", help="Also every line with its formula, and what is not counted.")
    ] = False,
    output: Annotated[Output, typer.Option("--output", help="text or json.")] = Output.text,
) -> None:
    """Estimate the monthly cost of cells and clusters in USD, at the clouds' list prices (docs/cost.md)."""
    from components.cost.prices import catalogue
    from stacks.cost import bills

    fleet = load(root())
    found = bills(fleet, _chosen(fleet, names or []))
    catalogues = [catalogue(cloud).dates for cloud in sorted({cell.spec.cloud for cell in fleet.cells.values()})]
    total = round(sum(each.total for each in found), 2)
    if output is Output.json:
        told = {
            "currency": "USD",
            "catalogue": "; ".join(catalogues),
            "total": total,
            "bills": [
                {
                    "name": each.name,
                    "total": each.total,
                    "lines": [
                        {"part": n.part, "what": n.what, "amount": n.amount, "formula": n.formula} for n in each.lines
                    ],
                    "not_counted": list(each.not_counted),
                }
                for each in found
            ],
        }
        sys.stdout.write(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
        return
    wide = max((len(each.name) for each in found), default=0)
    for each in found:
        sys.stdout.write(f"{each.name:<{wide}}  {each.total:>12,.2f}  {_parts(each)}\n")
        if what:
            sys.stdout.writelines(f"    {n.part}: {n.what}: {n.amount:,.2f} = {n.formula}\n" for n in each.lines)
            sys.stdout.writelines(f"    not counted: {text}\n" for text in each.not_counted)
        else:
            sys.stdout.writelines(f"    not counted: {text}\n" for text in each.unpriced)
    sys.stdout.write(f"{'USD a month':<{wide}}  {total:>12,.2f}  list prices: {'; '.join(catalogues)}\n")


def _chosen(fleet: "Fleet", names: list[str]) -> list[str] | None:
    """Names of bills; a name alone means the cell, the cluster, or both where they share it."""
    from stacks.nearest import nearest

    every = {f"cell.{name}" for name in fleet.cells} | {f"cluster.{name}" for name in fleet.clusters}
    found: list[str] = []
    for name in names:
        mine = {name, f"cell.{name}", f"cluster.{name}"} & every
        if not mine:
            near = nearest(name, {each.partition(".")[2] for each in every})
            stop(f"no file declares a cell or cluster '{name}'", near or "`fleet status` lists them", Exit.USAGE)
        found += mine
    return found or None


def _parts(one: "Bill") -> str:
    sums: dict[str, float] = {}
    for line in one.lines:
        sums[line.part] = sums.get(line.part, 0) + line.amount
    return ", ".join(f"{part} {amount:,.0f}" for part, amount in sorted(sums.items(), key=lambda each: -each[1]))
