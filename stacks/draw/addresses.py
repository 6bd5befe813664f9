"""The picture of the fleet's addresses: each range as rows of blocks, and who holds which.

Owns      one square a block of the fleet's own size; what is smaller fills a part of its square.
Refuses   more rows than a page has: a range of more blocks is drawn with larger squares, and says so.
"""

import ipaddress
from collections.abc import Sequence
from xml.etree import ElementTree as Xml

from stacks.addresses import Holding, Stock, Use
from stacks.draw.svg import canvas, element, text_of

PER_ROW, SIDE, MOST = 32, 34.0, 512
COLOURS: dict[Use, str] = {
    "cell": "#86efac",
    "existing": "#93c5fd",
    "hub": "#fde68a",
    "peer": "#d8b4fe",
    "reserved": "#d1d5db",
}


def picture(fleet: str, stocks: Sequence[Stock], block_length: int) -> str:
    """The registry as SVG."""
    grids = [(stock, _length(stock, block_length)) for stock in stocks]
    rows = [-(-(2 ** (length - ipaddress.IPv4Network(stock.cidr).prefixlen)) // PER_ROW) for stock, length in grids]
    height = 70 + sum(row * SIDE + 60 for row in rows)
    root = canvas(PER_ROW * SIDE + 44, height, f"Addresses of fleet {fleet}")
    for n, (use, colour) in enumerate(COLOURS.items()):
        element(root, "rect", x=22 + n * 110, y=42, width=14, height=14, fill=colour, stroke="#6b7280")
        element(root, "text", use, x=42 + n * 110, y=54)
    y = 80.0
    for (stock, length), lines in zip(grids, rows, strict=True):
        each = "" if length == block_length else f" (a square is a /{length})"
        for_whom = ", ".join((*stock.environments, *stock.regions)) or "all others"
        title = f"{stock.cidr} for {for_whom}: {stock.blocks_left} of {stock.blocks} blocks of /{block_length} left"
        element(root, "text", f"{title}{each}", x=22, y=y + 8, style="font-weight:600")
        _grid(root, stock, length, y + 18)
        y += lines * SIDE + 60
    return text_of(root)


def _length(stock: Stock, block_length: int) -> int:
    """Prefix length of a square: the fleet's own block, or larger where that would be too many."""
    own = ipaddress.IPv4Network(stock.cidr).prefixlen
    return max(own, min(max(block_length, own), own + MOST.bit_length() - 1))


def _grid(root: Xml.Element, stock: Stock, length: int, top: float) -> None:
    area = ipaddress.IPv4Network(stock.cidr)
    for n, square in enumerate(area.subnets(new_prefix=length)):
        x, y = 22 + (n % PER_ROW) * SIDE, top + (n // PER_ROW) * SIDE
        group = element(root, "g")
        element(group, "rect", x=x, y=y, width=SIDE, height=SIDE, fill="#ffffff", stroke="#e5e7eb")
        here = [held for held in stock.held if held.net.overlaps(square)]
        for held in here:
            _part(group, held, square, x, y)
        names = "\n".join(f"{held.cidr} {held.use} {held.holder or held.note}".strip() for held in here)
        element(group, "title", f"{square}\n{names or 'free'}")


def _part(group: Xml.Element, held: Holding, square: ipaddress.IPv4Network, x: float, y: float) -> None:
    first = max(int(held.net.network_address), int(square.network_address)) - int(square.network_address)
    last = min(int(held.net.broadcast_address), int(square.broadcast_address)) - int(square.network_address)
    start, width = first / square.num_addresses, (last - first + 1) / square.num_addresses
    drawn = max(width * SIDE, 2.0)
    element(group, "rect", x=x + start * SIDE, y=y, width=drawn, height=SIDE, fill=COLOURS[held.use], stroke="#6b7280")
    if width == 1 and held.holder:
        element(group, "text", held.holder[:5], x=x + 2, y=y + SIDE / 2 + 3, style="font-size:9px")
