"""Law 7: no secret in a preview, a comment, an artifact, a file or a log, by whatever door it came in."""

import json

import pytest

from tools.canaries.secret import ENCODINGS, Canary
from tools.canaries.table import SCREEN, Findings, findings
from tools.canaries.trial import DOORS


@pytest.fixture(scope="module")
def found() -> Findings:
    return findings()


def test_no_secret_comes_out_by_any_way_in_any_encoding(found: Findings) -> None:
    assert found.hits == ()
    assert len(DOORS) * len(found.ways) >= 14


def test_something_came_out_by_every_way(found: Findings) -> None:
    """A way out that is silent would prove nothing. The screen is silent: it is the programs that print there."""
    assert [way for way, size in found.ways.items() if size < 100 and way != SCREEN] == []


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_canary_is_found_in_every_encoding_and_inside_of_others(encoding: str) -> None:
    canary = Canary("a door")
    text = canary.encoded()[encoding]
    assert encoding in canary.found(f"refused: {text}.")
    assert canary.found(json.dumps(json.dumps({"message": text})))
    assert not canary.found(Canary("another").encoded()[encoding])
