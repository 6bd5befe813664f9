"""The registry of addresses, for people and for programs.

Owns      tables by range, and the JSON document of `fleet addresses`.
Refuses   to compute: `stacks/addresses.py` does.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict

from rich.table import Table

from stacks.addresses import Holding, Net, Stock, holdings
from stacks.fleet import Fleet
from stacks.tell.console import console


def _outside(fleet: Fleet, stocks: Sequence[Stock]) -> list[Holding]:
    """What is held outside of the fleet's own ranges: offices, peers, existing networks."""
    shown = {held for stock in stocks for held in stock.held}
    return [held for held in holdings(fleet) if held not in shown]


def as_json(fleet: Fleet, stocks: Sequence[Stock], block_length: int) -> str:
    """One document with every range, who holds what of it, and what is free."""
    document = {
        "block_prefix_length": block_length,
        "ranges": [
            {
                "cidr": stock.cidr,
                "environments": list(stock.environments),
                "regions": list(stock.regions),
                "blocks": stock.blocks,
                "blocks_left": stock.blocks_left,
                "addresses": stock.total,
                "free_addresses": stock.free_addresses,
                "low": stock.low,
                "held": [asdict(held) for held in stock.held],
                "free": [str(part) for part in stock.free],
            }
            for stock in stocks
        ],
        "outside": [asdict(held) for held in _outside(fleet, stocks)],
    }
    return json.dumps(document, indent=2) + "\n"


def as_tables(fleet: Fleet, stocks: Sequence[Stock], block_length: int) -> None:
    """A table for each range, by address, and what is held outside of them."""
    out = console()
    for stock in stocks:
        for_whom = ", ".join((*stock.environments, *stock.regions)) or "all others"
        left = f"{stock.blocks_left} of {stock.blocks} blocks of /{block_length} left{' (low)' if stock.low else ''}"
        table = Table(title=f"{stock.cidr} for {for_whom}: {left}", title_justify="left")
        for column in ("range", "use", "holder", "file"):
            table.add_column(column, overflow="fold")
        rows: list[tuple[Net, str, str, str]] = [
            *((held.net, held.use, held.holder or held.note, held.file) for held in stock.held),
            *((part, "free", "", "") for part in stock.free),
        ]
        for net, *rest in sorted(rows, key=lambda row: (int(row[0].network_address), row[0].prefixlen)):
            table.add_row(str(net), *rest)
        out.print(table)
    if outside := _outside(fleet, stocks):
        out.print("outside of the fleet's ranges:")
        for held in outside:
            out.print(f"  {held.cidr:<18} {held.use:<9} {held.holder or held.file} {held.note}".rstrip())
