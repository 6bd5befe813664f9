"""The judge of one value: types, limits, words, lists, and the validators that are more than that."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.config.keys import VERSIONS, WORDS, Key, known
from components.config.values import JUDGES, allowed, mistyped

BITS = {"short": 15, "int": 31, "long": 63}
EVERY = [
    (version, kind, name, key) for version in VERSIONS for kind in WORDS for name, key in known(kind, version).items()
]
ONE = st.sampled_from(EVERY)


def _least(key: Key) -> float | None:
    return key.least if key.least is not None else -(2 ** BITS[key.type]) if key.type in BITS else None


def _most(key: Key) -> float | None:
    return key.most if key.most is not None else 2 ** BITS[key.type] - 1 if key.type in BITS else None


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("boolean", [True, False], ["true", 1, 0]),
        ("int", [0, 2**31 - 1, -(2**31)], [2**31, 1.5, "1", True]),
        ("short", [32767], [32768]),
        ("long", [2**63 - 1], [2**63, "x"]),
        ("double", [0.5, 1], ["0.5", False, float("nan"), float("inf")]),
        ("string", ["x", ""], [1, True]),
        ("password", ["x"], [1]),
        ("class", ["org.apache.kafka.Some$Inner", "JsonConverter"], ["not a class", "a..b", "", 1]),
        ("list", ["a,b", ""], [1]),
    ],
)
def test_values_are_of_the_type_that_kafka_wants(kind: str, good: list[Any], bad: list[Any]) -> None:
    assert [v for v in good if allowed(v, Key(kind))] == []
    assert [v for v in bad if not allowed(v, Key(kind))] == []


def test_values_are_within_limits() -> None:
    assert allowed(0, Key("int", least=1)) == "1 to 2147483647"
    assert allowed(2.0, Key("double", least=0, most=1)) == "0 to 1"
    assert allowed("a, b", Key("list", values=("a", "b"))) == ""
    assert allowed("a,c", Key("list", values=("a", "b"))) == "a, b"


def test_a_list_may_limit_its_words() -> None:
    key = Key("list", unique=True, gapless=True, not_empty=True, most_items=2)
    assert allowed("a,b", key) == ""
    assert allowed("a,a", key) == "each word once"
    assert allowed("a,", key) == "no empty word between commas"
    assert allowed("", key) == "at least one word"
    assert allowed("a,b,c", key) == "at most 2 words"


def test_words_may_be_of_any_case_or_several() -> None:
    assert allowed("Eager", Key("string", values=("eager",), ignore_case=True)) == ""
    assert allowed("Eager", Key("string", values=("eager",))) == "eager"
    assert allowed("a,b", Key("string", values=("a", "b"), several=True)) == ""
    assert allowed("a,b", Key("string", values=("a", "b"))) == "a, b"


@pytest.mark.parametrize("value", ["earliest", "by_duration:PT1H", "by_duration:P1DT2H3.5S"])
def test_offsets_may_be_reset_by_a_duration(value: str) -> None:
    assert allowed(value, known("consumer", "4.3.1")["auto.offset.reset"]) == ""


@pytest.mark.parametrize("value", ["eraliest", "by_duration:", "by_duration:1h", "by_duration:-PT1H", "by_duration:PT"])
def test_a_wrong_reset_is_refused(value: str) -> None:
    assert "by_duration:PT1H" in allowed(value, known("consumer", "4.3.1")["auto.offset.reset"])


@pytest.mark.parametrize(
    ("judge", "good", "bad"),
    [
        ("throttled-replicas", ["", "*", "0:1,1:2"], ["*,*", "0", "0:x", "0:1,*"]),
        ("regular-expression", ["a.*", r"\p{L}+", r"(?<n>a)\k<n>", r"\Q(\E"], ["[", "(", "*"]),
        ("no-control-characters", ["orders"], ["or\nders", "\x00"]),
    ],
)
def test_named_judges(judge: str, good: list[str], bad: list[str]) -> None:
    takes, form = JUDGES[judge]
    assert form
    assert [text for text in good if not takes(text)] == []
    assert [text for text in bad if takes(text)] == []


def test_every_judge_in_the_tables_is_there() -> None:
    assert {key.judge for *_, key in EVERY} == {"", "opaque", *JUDGES}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_default_is_accepted(version: str) -> None:
    for of, kind, name, key in EVERY:
        if of == version and key.default is not None:
            assert allowed(key.default, key) == "", (kind, name, key.default)


@given(ONE)
def test_every_word_is_accepted_and_no_other(one: tuple[str, str, str, Key]) -> None:
    key = one[3]
    for word in key.values:
        assert allowed(word, key) == ""
        if key.ignore_case:
            assert allowed(word.upper(), key) == ""
    if key.values:
        assert allowed("kafka-fleet-nonsense", key)


@given(ONE)
def test_a_bound_is_accepted_and_one_beyond_is_refused(one: tuple[str, str, str, Key]) -> None:
    key = one[3]
    step = 0.001 if key.type == "double" else 1
    if key.type not in (*BITS, "double") or key.ranges:
        return
    for bound, beyond in ((_least(key), -step), (_most(key), step)):
        if bound is not None:
            assert allowed(bound, key) == ""
            if abs(bound) < 1e300:  # one beyond the largest double is the largest double
                assert allowed(bound + beyond, key)


@given(ONE, st.integers(-(2**66), 2**66))
def test_a_number_is_accepted_just_where_its_limits_say(one: tuple[str, str, str, Key], value: int) -> None:
    key = one[3]
    if key.type not in BITS:
        return
    low, high = _least(key), _most(key)
    assert low is not None
    assert high is not None
    inside = any(a <= value <= b for a, b in key.ranges) if key.ranges else low <= value <= high
    assert (allowed(value, key) == "") is inside


@given(ONE, st.one_of(st.booleans(), st.integers(), st.floats(allow_nan=True), st.text(max_size=20)))
def test_any_value_gets_a_verdict_and_a_refusal_says_what_is_allowed(
    one: tuple[str, str, str, Key], value: bool | int | float | str
) -> None:
    key = one[3]
    told = allowed(value, key)
    assert told == "" or told.strip() == told
    if mistyped(value, key):
        assert told
