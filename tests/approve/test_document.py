"""The plan file: what is written is read back, and nothing else is."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stacks.approve.classes import ORDER
from stacks.approve.compare import too_old
from stacks.approve.document import Approved, BadPlanError, Identity, Step, Word, dump, load, schema, sealed

_NAMES = st.text(min_size=1, max_size=12)
_WORDS = st.builds(Word, does=st.sampled_from(ORDER), type=st.text(max_size=8), lifts_protection=st.booleans())
_IDENTITIES = st.builds(
    Identity, kind=st.sampled_from(["cell", "service", "app"]), cell=_NAMES, file=_NAMES, production=st.booleans()
)
_STEPS = st.builds(
    Step,
    does=st.sampled_from(["apply", "delete"]),
    result=st.sampled_from(["ok", "failed"]),
    stack=_IDENTITIES,
    inputs=st.dictionaries(_NAMES, _NAMES, max_size=2),
    resources=st.dictionaries(_NAMES, _WORDS, max_size=3),
    first=st.tuples(_NAMES),
)
PLANS = st.builds(
    lambda stacks, made: sealed(
        Approved(format=1, head="a" * 40, made=made.replace(microsecond=0), engine="3.250.0", stacks=stacks)
    ),
    st.dictionaries(_NAMES, _STEPS, max_size=3),
    st.datetimes(timezones=st.just(UTC)),
)


@given(PLANS)
def test_what_is_written_is_read_back(plan: Approved) -> None:
    text = dump(plan)
    assert load(text) == plan
    assert dump(load(text)) == text


@given(PLANS, st.data())
def test_no_edit_goes_unseen(plan: Approved, data: st.DataObject) -> None:
    text = dump(plan)
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from('09azAZ "{}[],:\\') | st.just(""))
    edited = text[:at] + letter + text[at + 1 :]
    try:
        found = load(edited)
    except BadPlanError:
        return
    # White space between two things is the same to JSON.
    assert found == plan


@given(PLANS, st.data())
def test_what_is_cut_off_is_refused(plan: Approved, data: st.DataObject) -> None:
    text = dump(plan).rstrip()
    with pytest.raises(BadPlanError):
        load(text[: data.draw(st.integers(0, len(text) - 1))])


_PLAN = sealed(Approved(format=1, head="", made=datetime(2026, 11, 23, tzinfo=UTC), engine="3.250.0", stacks={}))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is no JSON, or was cut off"),
        ("[]", "has no `format`"),
        ("{}", "has no `format`"),
        (dump(_PLAN).replace('"format": 1', '"format": 2'), "has format 2, and this version of `fleet` reads 1"),
        (dump(_PLAN).replace("3.250.0", "3.251.0"), "was changed after it was written"),
        ('{"format": 1, "head": ""}', "it says no digest"),
        (json.dumps({"format": 1, "digest": "sha256:" + "0" * 64}), "was changed after it was written"),
    ],
)
def test_what_is_wrong_is_said(text: str, told: str) -> None:
    with pytest.raises(BadPlanError, match=told.replace("(", r"\(").replace("`", ".")):
        load(text)


def test_a_sealed_document_of_another_shape_is_refused() -> None:
    from stacks.approve import document

    data = {"format": 1, "stacks": {"a": {"does": "anything"}}}
    text = json.dumps({**data, "digest": document._digest(data)})
    with pytest.raises(BadPlanError, match="is no approved plan"):
        load(text)


def test_the_published_schema_is_the_one_of_the_code() -> None:
    written = Path(__file__).parents[2] / "docs" / "approved.schema.json"
    assert written.read_text() == schema(), "run: python -m stacks.approve.document > docs/approved.schema.json"


@pytest.mark.parametrize(
    ("hours", "limit", "told"),
    [
        (0, 168, ""),
        (168, 168, ""),
        (169, 168, "169 hours ago"),
        (9999, 0, ""),
        (-1, 168, "not yet"),
        (-1, 0, "not yet"),
    ],
)
def test_a_plan_has_an_age(hours: int, limit: int, told: str) -> None:
    found = too_old(_PLAN, _PLAN.made + timedelta(hours=hours), limit)
    assert (bool(found), told in found) == (bool(told), True)
