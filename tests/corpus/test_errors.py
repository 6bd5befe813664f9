"""The page of errors is what the product says, and no code escapes the corpus unnoticed."""

import ast
import re

from tests.corpus import errors


def test_the_page_is_up_to_date() -> None:
    assert errors.PAGE.read_text() == errors.page(), "run `python -m tests.corpus.errors`"


def test_every_code_of_the_source_has_a_case_or_a_reason() -> None:
    expected = errors.expected()
    unseen = {
        code
        for code in errors.said()
        if code not in errors.WITHOUT_CASE
        and not any(re.fullmatch(code.replace("{}", ".+"), known) for known in expected)
    }
    assert unseen == set()


def test_reasons_are_for_codes_that_exist_and_have_no_case() -> None:
    said, expected = errors.said(), errors.expected()
    assert set(errors.WITHOUT_CASE) <= set(said)
    assert not set(errors.WITHOUT_CASE) & expected


def test_the_collector_sees_each_way_of_saying_a_code() -> None:
    source = """
yield Finding("a-code", ("x",), "words of it")
told(thing, ("path",), f"bad-{kind}-config", "words")
CODES = {"key_of_pydantic": "mapped"}
_TRAPS = (("trap", 1, "some words"),)
code, what = f"unknown-{kind}-config", "words"
other("not-a-code")
yield Finding(path=("x",), message="words", code="named")
yield replace(problem, code="replaced", severity="warning")
replace("not-a-code", severity="warning")
_UNFIT = {"kind": ("unfit", "words of it")}
"""
    expected = {"a-code", "bad-{}-config", "unknown-{}-config", "mapped", "trap", "named", "replaced", "unfit"}
    assert set(errors._codes(ast.parse(source))) == expected
