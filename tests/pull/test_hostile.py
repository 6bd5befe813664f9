"""Whatever strangers write, a comment, a page and annotations keep their structure, and nothing in them acts."""

import base64
import hashlib
import io
import re
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings

from stacks.draw.drawing import Box, Drawing
from stacks.draw.mermaid import mermaid
from stacks.pull import comment, notes
from stacks.pull.document import Network, Pull, Range
from stacks.pull.gather import pull
from stacks.pull.markup import prose
from stacks.pull.page import page
from stacks.run.outcome import Beyond, Diagnostic, PolicyViolation, Remediation
from stacks.run.report import Report
from stacks.tell.problems import write
from tests.pull.hostile import STRINGS, TEXTS, replaced, texts
from tests.pull.structure import ACTED_UPON, of_markdown, of_page
from tools.reports import made


@cache
def sample() -> tuple[Pull, int]:
    """A change with something in every list, and how many texts of strangers are in it."""
    plan = made.plan(12)
    refused = made.plan(400).refusals[:1]
    plan = plan.model_copy(update={"refusals": refused, "notes": ("a note",)})
    preview = made.preview(plan)
    violation = PolicyViolation(pack="p", policy="keep-copies", level="advisory", message="Title\nm", urn="urn::x")
    first = preview.outcomes[0]
    broken = first.model_copy(
        update={
            "result": "failed",
            "reason": "a step failed",
            "policies": (violation,),
            "beyond": (Beyond(urn="urn::z", type="t", approved="same", now="replace", paths=("a",)),),
            "remediations": (Remediation(policy="tags", urn="urn::z"),),
            "diagnostics": (Diagnostic(severity="error", message="m", urn="urn::y"),),
        }
    )
    report = Report(operation="preview", seconds=1, outcomes=(broken, *preview.outcomes[1:]), not_applied=("a-cell",))
    drawing = Drawing("Cell a", [Box("a", "cell", "A box", ["a line"])])
    network = Network(
        cell="a-cell", block="10.0.0.0/16", ranges=(Range(what="nodes", cidr="10.0.0.0/20"),), mermaid=mermaid(drawing)
    )
    found = pull(plan, [report], approved="a-digest").model_copy(update={"networks": (network,)})
    return found, len(list(texts(found)))


def changed(change: Callable[[str], str]) -> Pull:
    """The sample with every text of a stranger changed; equal texts stay equal, and the order stays."""
    given, _ = sample()
    kept = {"mermaid", "svg", "sentence"}

    def hostile(field: str, text: str) -> str:
        # In a URN, `::` parts the names; another number of parts would be another resource.
        if field in kept:
            return text
        return text + change(text)[len(text) :].replace("::", ":;") if field == "urn" else change(text)

    found: Pull = replaced(given, hostile)
    return found


HARMLESS = changed(lambda text: f"{text} harmless")


def test_the_sample_reaches_every_text_field_of_the_documents() -> None:
    found = {field for field, _ in texts(sample()[0])}
    assert {"message", "hint", "reason", "nodes", "owner", "ring", "formula", "what", "urn", "policy", "path"} <= found


def check(hostile: Pull) -> None:
    elements, text = of_markdown(comment.comment(hostile, "https://ci.example/1", 1_000_000))
    assert elements == of_markdown(comment.comment(HARMLESS, "https://ci.example/1", 1_000_000))[0]
    assert not ACTED_UPON.findall(text)
    assert of_page(page(hostile, "https://ci.example/1")) == of_page(page(HARMLESS, "https://ci.example/1"))
    told = commands(hostile)
    assert len(told) == len(commands(HARMLESS))
    assert all(re.match(r"::(error|warning|notice) file=[^:,]*,line=\d+,col=\d+,title=[^:,]*::", line) for line in told)


def commands(given: Pull) -> list[str]:
    stream = io.StringIO()
    write(notes.problems(given), "github", stream)
    *lines, last, end = stream.getvalue().split("\n")
    assert (end, bool(re.match(r"\d+ ", last))) == ("", True)
    return lines


@pytest.mark.parametrize("text", STRINGS, ids=lambda text: ascii(text[:20]))
def test_a_hostile_string_in_every_field_changes_no_structure(text: str) -> None:
    check(changed(lambda before: f"{before} {text}z"))


@settings(max_examples=25)
@given(TEXTS)
def test_no_text_in_every_field_changes_the_structure(text: str) -> None:
    check(changed(lambda before: f"{before} {text}z"))


@pytest.mark.parametrize("text", STRINGS, ids=lambda text: ascii(text[:20]))
def test_a_hostile_string_alone_in_a_sentence_or_a_name_is_shown_and_not_acted_upon(text: str) -> None:
    given, _ = sample()
    planned = given.plan
    assert planned is not None
    hostile = planned.model_copy(update={"notes": (text,), "stacks": (), "cost": made.plan(0).cost})
    elements, shown = of_markdown(comment.comment(pull(hostile)))
    assert elements == of_markdown(comment.comment(pull(hostile.model_copy(update={"notes": ("harmless",)}))))[0]
    assert not ACTED_UPON.findall(shown)


def test_no_line_of_a_comment_starts_with_what_a_host_takes_for_a_command() -> None:
    text = comment.comment(changed(lambda _before: "/approve\n/merge"))
    assert not [line for line in text.split("\n") if line.startswith("/")]


@given(TEXTS)
def test_a_picture_stays_inside_of_its_fence(text: str) -> None:
    given, _ = sample()
    drawing = Drawing(text, [Box("a", "cell", text, [text])])
    assert mermaid(drawing).count("\n") == len(mermaid(Drawing("t", [Box("a", "cell", "t", ["t"])])).splitlines())
    network = Network(cell="a", block="b", mermaid=mermaid(drawing))
    shown = comment.comment(given.model_copy(update={"networks": (network,)}), room=200_000)
    plain = comment.comment(
        given.model_copy(update={"networks": (network.model_copy(update={"mermaid": "flowchart LR"}),)}), room=200_000
    )
    assert of_markdown(shown)[0] == of_markdown(plain)[0]


@pytest.mark.parametrize(
    "text",
    [
        "on 2026-10-01 6 brokers restart: num.io.threads is 8, was 4 (50%)",
        "fleet retire payments-prod:console --data kept, a/b:1.2-3",
    ],
)
def test_a_sentence_can_be_read_and_copied_as_it_was_written(text: str) -> None:
    assert prose(text) == text


def test_a_browser_runs_our_script_alone_and_loads_nothing() -> None:
    html = page(sample()[0], "https://ci.example/1")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    for element in ("script", "style"):
        (text,) = re.findall(rf"<{element}>(.*?)</{element}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{element}-src 'sha256-{digest}'" in policy[1]
    assert policy[1].startswith("default-src 'none'")
    assert re.findall(r'(?:src|href|action|url)\s*[=(]\s*"?(?!data:)([^">)]*)', html) == ["https://ci.example/1"]
    assert not re.findall(r"\son\w+=", html)
