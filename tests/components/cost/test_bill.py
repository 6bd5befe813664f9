"""Bills: vendors' own examples, and what holds of every bill."""

import math
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from components.clouds.gcp.billed import cell as gcp_cell
from components.clouds.machines import Volume
from components.cost.bill import bill
from components.cost.contract import HOURS, Part, Use
from components.cost.disks import Disk, uses
from components.cost.prices import Catalogue, Price, Source, catalogue
from tests.components.cost.bodies import example

SOURCE = Source("a test", "https://example.org", "2026-11-23")
PARTS: tuple[Part, ...] = ("compute", "disk", "nat", "link")
REGION = "somewhere"


def prices(usd: Mapping[str, float], **included: int) -> Catalogue:
    return Catalogue(
        cloud="aws",
        file="prices.json",
        regions={REGION: {meter: Price(value, SOURCE) for meter, value in usd.items()}},
        iops_included=included.get("iops", 3000),
        throughput_included=included.get("throughput", 125),
        throughput_unit_bytes=1_000_000,
        balancer_bills="both",
    )


def test_gp3_as_aws_computes_it() -> None:
    """aws.eu/ebs/pricing, example 1: 2,000 GB with 10,000 IOPS and 500 MB/s for 12 hours of a 30-day month."""
    known = prices({"disk_gib_month": 0.09394, "disk_iops_month": 0.00592, "disk_throughput_month": 0.047})
    disk, volume = Disk("StatefulSet/x", 1, 2000, "kafka"), Volume("kafka", 500, 10_000, 1, 16_384, "")
    made = bill("x", uses(disk, volume, known), known, REGION)
    month = 2000 * 0.09394 + 7000 * 0.00592 + 375 * 0.047
    assert made.total == round(month, 2)
    assert math.isclose(2000 * 0.09394 * 12 / 720, 3.13133, abs_tol=1e-5)  # what the page says of the storage alone
    assert [line.formula for line in made.lines] == [
        "1 × 2000 GiB × 0.09394 + 1 × 7000 IOPS × 0.00592 + 1 × 375 MB/s × 0.047"
    ]


def test_cloud_nat_as_google_computes_it() -> None:
    """cloud.google.com/nat/pricing: 14 machines 0.0014 × 14 an hour, 36 machines 0.044 (both without their data)."""
    known = catalogue("gcp")
    for machines, hourly in ((14, 0.0014 * 14), (32, 0.0014 * 32), (36, 0.044)):
        found = [use for use in gcp_cell(example("gcp"), machines) if use.subject == "Cloud NAT"]
        assert bill("x", found, known, "europe-west1").total == round(hourly * HOURS, 2)


_USES = st.lists(
    st.builds(
        Use,
        part=st.sampled_from(PARTS),
        subject=st.sampled_from(("a", "b", "c")),
        what=st.just("w"),
        meter=st.sampled_from(("m", "n", "free", "unknown")),
        quantity=st.floats(0, 1e6),
        formula=st.just("f"),
    ),
    max_size=12,
)
KNOWN = prices({"m": 0.1, "n": 2.0, "free": 0.0})


@given(_USES, st.floats(0, 99))
def test_the_lines_are_the_total_none_is_for_nothing_and_nothing_is_silent(found: list[Use], discount: float) -> None:
    made = bill("x", found, KNOWN, REGION, discount_percent=discount)
    assert math.isclose(made.total, sum(line.amount for line in made.lines), abs_tol=0.006)
    assert all(line.amount > 0 for line in made.lines)
    keys = [(line.part, line.subject) for line in made.lines]
    assert len(keys) == len(set(keys))
    whole = sum(use.quantity * price.usd for use in found if (price := KNOWN.regions[REGION].get(use.meter)))
    assert math.isclose(made.total, whole * (1 - discount / 100), abs_tol=0.006 * (len(keys) + 1) + 0.005 * len(found))
    assert bool(made.unpriced) == any(use.meter == "unknown" and use.quantity > 0 for use in found)


@given(_USES, _USES)
def test_more_uses_never_cost_less(found: list[Use], more: list[Use]) -> None:
    assert bill("x", [*found, *more], KNOWN, REGION).total >= bill("x", found, KNOWN, REGION).total - 1e-9


def test_what_has_no_price_is_named_with_the_file_to_mend() -> None:
    use = Use("nat", "gateways", "3 × NAT gateway", "nat_hour", 3, "3")
    made = bill("x", [use], KNOWN, REGION, left_out=("taxes",))
    assert made.total == 0
    assert made.not_counted == (
        "3 × NAT gateway: no price for nat_hour in somewhere; add it to prices.json",
        "taxes",
    )


def test_a_region_without_prices_is_said_once() -> None:
    found = [Use("nat", str(n), "w", "m", 1, "f") for n in range(3)]
    made = bill("x", found, KNOWN, "moon-1")
    assert made.not_counted == ("everything: no prices of moon-1; add the region to prices.json",)
