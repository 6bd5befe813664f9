"""docs/impact.md is what the rules are."""

from components.impact.kinds import KINDS
from components.impact.page import page
from tools.fleet_copy import REPOSITORY


def test_the_page_is_up_to_date() -> None:
    assert (REPOSITORY / "docs/impact.md").read_text("utf-8") == page(), "run python -m components.impact.page"


def test_every_kind_has_its_table() -> None:
    lines = page().splitlines()
    named = {line.removeprefix("### ") for line in lines if line.startswith("### ")}
    named |= {name for line in lines if line.startswith("| ") for name in line.split("|")[1].strip().split(", ")}
    assert KINDS.keys() - named == {"KafkaTopic"} - named  # the values decide: the text above the tables says how
