"""From uses to a bill.

Owns      amounts, their rounding, and what is said of a meter without a price.
Refuses   a silent zero: a use without a price is named in `unpriced`; a line that costs nothing is left out.
"""

from collections.abc import Iterable

from components.cost.contract import Bill, Line, Use
from components.cost.prices import Catalogue, Price


def bill(
    name: str,
    uses: Iterable[Use],
    catalogue: Catalogue,
    region: str,
    *,
    discount_percent: float = 0.0,
    left_out: Iterable[str] = (),
) -> Bill:
    """The bill of `uses` in a region. Uses of one part and subject become one line, in the order of the first."""
    prices = catalogue.regions.get(region)
    missing: list[str] = []
    grouped: dict[tuple[str, str], list[tuple[Use, Price]]] = {}
    for use in uses:
        if use.quantity <= 0:
            continue
        price = prices.get(use.meter) if prices else None
        if price is None:
            missing.append(_missing(use, catalogue, region, known=prices is not None))
        else:
            grouped.setdefault((use.part, use.subject), []).append((use, price))
    lines = [_line(group, discount_percent) for group in grouped.values()]
    kept = tuple(line for line in lines if line.amount > 0)
    return Bill(name, kept, tuple(dict.fromkeys(missing)), tuple(left_out))


def _missing(use: Use, catalogue: Catalogue, region: str, *, known: bool) -> str:
    if not known:
        return f"everything: no prices of {region}; add the region to {catalogue.file}"
    return f"{use.what}: no price for {use.meter} in {region}; add it to {catalogue.file}"


def _line(group: list[tuple[Use, Price]], discount_percent: float) -> Line:
    first = group[0][0]
    charged = [(use, price) for use, price in group if price.usd > 0]
    amount = sum(use.quantity * price.usd for use, price in charged)
    formula = " + ".join(
        f"{use.formula} × {price.usd:g}{' (assumed)' if price.assumed else ''}" for use, price in charged
    )
    if discount_percent:
        amount *= 1 - discount_percent / 100
        formula = f"({formula}) − {discount_percent:g} %"
    return Line(first.part, first.subject, first.what, round(amount, 2), formula)
