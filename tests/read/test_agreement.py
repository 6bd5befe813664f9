"""The fast path and the exact path read every good file in the same way, and so do other YAML parsers."""

from decimal import Decimal

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stacks.read import Document, fast, read_text
from stacks.read.file import read_exactly
from stacks.read.witness import same
from tests.read import texts

_MANY = settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@_MANY
@given(texts.texts)
def test_what_the_fast_path_accepts_the_exact_path_reads_in_the_same_way(text: str) -> None:
    data = fast.parse(text)
    if data is not None:
        exactly = read_exactly("f.yaml", text)
        assert isinstance(exactly, Document), exactly
        assert same(data, exactly.data)


@_MANY
@given(texts.good)
def test_well_formed_text_is_read_by_both_paths_and_they_agree(text: str) -> None:
    exactly = read_exactly("f.yaml", text)
    assert isinstance(exactly, Document), exactly
    data = fast.parse(text)
    assert data is not None
    assert same(data, exactly.data)


@_MANY
@given(st.one_of(texts.texts, texts.good))
def test_accepted_text_means_the_same_to_a_parser_of_yaml_1_1(text: str) -> None:
    result = read_text("f.yaml", text.encode())
    if isinstance(result, Document):
        assert same(result.data, yaml.load(text.replace("\t", " "), yaml.CSafeLoader))


@pytest.mark.parametrize("extra", range(-3, 4))
def test_both_paths_draw_the_line_at_the_same_number_of_values(extra: int) -> None:
    # The root, a key, a list, and its items.
    text = f"a: [{', '.join(['b'] * (fast.VALUES - 3 + extra))}]\n"
    accepted = extra <= 0
    assert (fast.parse(text) is not None) is accepted
    assert isinstance(read_exactly("f.yaml", text), Document) is accepted


@pytest.mark.parametrize("depth", [31, 32, 33])
def test_both_paths_draw_the_line_at_the_same_depth(depth: int) -> None:
    text = "".join(f"{'  ' * level}a:\n" for level in range(depth - 1)) + "  " * (depth - 1) + "a: 1\n"
    accepted = depth <= fast.DEEPEST
    assert (fast.parse(text) is not None) is accepted
    assert isinstance(read_exactly("f.yaml", text), Document) is accepted


@given(st.decimals(-(10**14), 10**14, places=9))
def test_fractions_keep_their_last_digit(value: Decimal) -> None:
    result = read_text("f.yaml", f"a: {value:f}\n".encode())
    assert isinstance(result, Document)
    assert same(result.data, {"a": float(value)})
