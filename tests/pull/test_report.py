"""A report says what matters at any size, and passes nothing on that an engine or a program said."""

import io
import ipaddress
import json
import re
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from components.impact.contract import DELETES, NONE, REPLACES
from stacks.cli import application
from stacks.load import load
from stacks.plan.document import Plan, Refusal
from stacks.pull import comment, notes
from stacks.pull.document import Pull, schema
from stacks.pull.gather import UnreadableError, merge, pull
from stacks.pull.page import page
from stacks.pull.parts import Part, fit, size
from stacks.pull.words import delta, lasting
from stacks.run.outcome import Diagnostic, Outcome, PolicyViolation, PropertyChange, ResourceChange
from stacks.run.report import Report
from stacks.tell.problems import write
from tests.pull.hostile import replaced
from tools.reports import made

ROOT = Path(__file__).resolve().parents[2]
EMPTY = Plan(base="a" * 40, head="b" * 40, stacks=())


def with_impact(stacks: int, impact: str) -> Plan:
    plan = made.plan(stacks)
    return plan.model_copy(update={"stacks": tuple(one.model_copy(update={"impact": impact}) for one in plan.stacks)})


def test_five_thousand_deletions_with_long_strings_fit_and_are_counted() -> None:
    plan = with_impact(5000, DELETES).model_copy(update={"refusals": ()})
    long = replaced(plan, lambda field, text: text if field in ("base", "head") else text + "@é" * 150)
    given = pull(long)
    text = comment.comment(given, "https://ci.example/1")
    assert size(text) <= comment.COMMENT
    assert "5,000 stacks delete" in text
    (left,) = re.findall(r">and ([\d,]+) more: ([\d,]+) deletes<", text)
    assert left[0] == left[1]
    assert text.count("<b>deletes</b>, ring") + int(left[0].replace(",", "")) == 5000
    assert text == comment.comment(given, "https://ci.example/1")
    assert size(comment.summary(given)) <= 1024 * 1024


@pytest.mark.parametrize("stacks", [0, 1, 50, 600])
def test_a_comment_and_a_summary_keep_their_limits_and_are_the_same_each_time(stacks: int) -> None:
    plan = made.plan(stacks)
    given = pull(plan, [made.preview(plan)])
    assert size(comment.comment(given)) <= 60_000
    assert size(comment.summary(given)) <= 1_048_576
    assert comment.comment(given) == comment.comment(pull(made.plan(stacks), [made.preview(made.plan(stacks))]))


def test_the_worst_stacks_come_first_and_what_is_left_out_is_said() -> None:
    plan = made.plan(1200)
    text = comment.comment(pull(plan, [made.preview(plan)]))
    told = re.findall(r"<tr><td><code>[^<]*</code><br><b>([^<]*)</b>", text)
    order = ["deletes", "irreversible", "replaces", "moves data", "rolls controllers", "rolls brokers", "rolls connect"]
    grave = [word for word in told if word in order]
    assert grave == sorted(grave, key=order.index)
    assert {"deletes", "replaces"} <= set(grave)
    assert re.search(r"and [\d,]+ more: .*rolls connect", text)


@given(
    st.lists(st.lists(st.text(max_size=40), max_size=20), max_size=6),
    st.integers(0, 600),
    st.floats(0.05, 1.0),
)
def test_parts_never_take_more_room_than_there_is(rows: list[list[str]], room: int, share: float) -> None:
    parts = [Part(one, str, "head\n", "tail\n", lambda shown: f"and more than {shown}\n", share) for one in rows]
    least = sum(50 + size(part.head + part.tail + part.left(0)) for part in parts)
    text = fit(parts, least + room)
    assert size(text) <= least + room
    assert text.count("tail\n") == sum(map(bool, rows))


def test_the_engine_makes_an_impact_worse_and_never_milder() -> None:
    plan = with_impact(3, NONE)
    names = [one.stack for one in plan.stacks]
    urn = "urn:pulumi:s::kafka-fleet::aws:ec2/vpc:Vpc::main"

    def seen(name: str, op: str, **more: bool) -> Outcome:
        resource = ResourceChange(urn=urn, type="aws:ec2/vpc:Vpc", op=op, **more)  # type: ignore[arg-type]
        return Outcome(stack=name, operation="preview", result="ok", resources=(resource,))

    outcomes = (seen(names[0], "delete"), seen(names[1], "same", lifts_protection=True), seen(names[2], "update"))
    found = pull(plan, [Report(operation="preview", seconds=1, outcomes=outcomes)])
    assert found.verdict.counts.impacts == {DELETES: 1, REPLACES: 1, "dynamic": 1}
    assert found.verdict.word == "careful"
    assert "1 stack delete" in found.verdict.sentence
    still = pull(with_impact(1, DELETES), [Report(operation="preview", seconds=1, outcomes=())])
    assert still.verdict.counts.impacts == {DELETES: 1}


@pytest.mark.parametrize(
    ("change", "word", "sentence"),
    [
        ({}, "nothing", "No stack is affected"),
        ({"refusals": (Refusal(file="f", line=1, column=1, code="c", message="m"),)}, "refused", "1 refusal"),
        (
            {"refusals": (Refusal(file="f", line=1, column=1, code="c", message="m", severity="warning"),)},
            "nothing",
            "No stack",
        ),
        ({"stacks": with_impact(2, "dynamic").stacks}, "calm", "2 stacks change: nothing restarts"),
        ({"stacks": with_impact(2, "rolls connect").stacks}, "careful", "pods of 2 stacks restart"),
    ],
)
def test_the_verdict(change: dict[str, object], word: str, sentence: str) -> None:
    found = pull(EMPTY.model_copy(update=change)).verdict
    assert (found.word, sentence in found.sentence) == (word, True)


@pytest.mark.parametrize(
    ("level", "result", "word"),
    [("mandatory", "ok", "refused"), ("advisory", "ok", "calm"), ("advisory", "busy", "refused")],
)
def test_a_mandatory_policy_or_a_preview_without_success_refuses(level: str, result: str, word: str) -> None:
    violation = PolicyViolation(pack="p", policy="p", level=level, message="m")
    outcome = Outcome(stack="s", operation="preview", result=result, policies=(violation,))  # type: ignore[arg-type]
    report = Report(operation="preview", seconds=1, outcomes=(outcome,))
    assert pull(None, [report]).verdict.word == word


def test_nothing_that_an_engine_or_a_program_said_is_passed_on() -> None:
    """Door by door, where a secret was once seen: the text of a provider's error, a value, an output."""
    secret = "hunter2-hunter2"  # noqa: S105 - none
    urn = "urn:pulumi:s::kafka-fleet::aws:ec2/vpc:Vpc::main"
    change = PropertyChange(path="password", kind="update", old=secret, new=secret)
    outcome = Outcome(
        stack="s",
        operation="preview",
        result="failed",
        resources=(ResourceChange(urn=urn, type="aws:ec2/vpc:Vpc", op="update", changes=(change,), failed=True),),
        outputs={"greeting": secret},
        diagnostics=(Diagnostic(severity="error", message=f"refused: {secret}", urn=urn),),
        details=f"/home/{secret}",
    )
    given = pull(None, [Report(operation="preview", seconds=1, outcomes=(outcome,))])
    for text in everything(given):
        assert secret not in text
    assert given.preview is not None
    assert [one.path for one in given.preview.outcomes[0].resources[0].changes] == ["password"]


def everything(given: Pull) -> list[str]:
    texts = [comment.comment(given), comment.summary(given), page(given), given.model_dump_json()]
    for form in ("github", "sarif", "gitlab", "json", "text"):
        stream = io.StringIO()
        write(notes.problems(given), form, stream)
        texts.append(stream.getvalue())
    return texts


def test_shards_are_merged_by_stack_and_the_last_word_counts() -> None:
    def shard(seconds: float, **results: str) -> Report:
        told = tuple(Outcome(stack=k, operation="preview", result=v) for k, v in results.items())  # type: ignore[arg-type]
        return Report(operation="preview", seconds=seconds, outcomes=told, not_applied=("c",))

    found = merge([shard(3, b="failed", c="ok"), shard(5, a="ok"), shard(1, b="ok")])
    assert found is not None
    assert [(one.stack, one.result) for one in found.outcomes] == [("a", "ok"), ("b", "ok"), ("c", "ok")]
    assert (found.seconds, found.not_applied) == (5, ("c",))
    assert merge([]) is None
    with pytest.raises(UnreadableError, match="preview and up"):
        merge([shard(1), shard(1).model_copy(update={"operation": "up"})])


def test_notes_stand_at_lines_once_for_all_stacks_that_a_line_reaches() -> None:
    plan = with_impact(40, "rolls brokers")
    line = {"file": "fleet/profiles/critical.yaml", "line": 4, "column": 3, "impact": "rolls brokers"}
    stacks = tuple(
        one.model_copy(update={"effects": (made.plan(1).stacks[0].effects[0].model_copy(update=line),)})
        for one in plan.stacks
    )
    found = notes.problems(pull(plan.model_copy(update={"stacks": stacks, "refusals": ()})))
    assert [(one.file, one.line, one.code, one.severity) for one in found] == [
        ("fleet/profiles/critical.yaml", 4, "impact-rolls-brokers", "note")
    ]
    assert "and 39 more stacks" in found[0].message
    stream = io.StringIO()
    write(found, "sarif", stream)
    assert json.loads(stream.getvalue())["runs"][0]["results"][0]["level"] == "note"


def test_the_json_is_what_its_schema_says_and_the_schema_is_what_the_model_makes() -> None:
    plan = made.plan(20)
    document = json.loads(pull(plan, [made.preview(plan)]).model_dump_json(exclude_none=True))
    jsonschema.Draft202012Validator(json.loads(schema())).validate(document)
    assert (ROOT / "docs/pull.schema.json").read_text("utf-8") == schema(), "python -m stacks.pull.document"


def test_networks_are_drawn_from_the_files_and_those_that_cannot_be_are_named() -> None:
    plan = made.plan(1).model_copy(update={"pictures": ("aws-euw1-prod", "gone")})
    given = pull(plan, fleet=load(ROOT))
    (network,) = given.networks
    block = ipaddress.ip_network(network.block)
    assert all(ipaddress.ip_network(one.cidr).subnet_of(block) for one in network.ranges)
    assert {"nodes in eu-west-1a", "pods", "Kubernetes services"} <= {one.what for one in network.ranges}
    text, html = comment.comment(given), page(given)
    assert "```mermaid\nflowchart LR" in text
    assert '<img src="data:image/svg+xml;base64,' in html
    for told in (text, html):
        assert network.block in told
        assert "the network changes too of <code>gone" in told.lower()


def test_the_page_shows_every_stack_without_a_script() -> None:
    plan = made.plan(300)
    html = page(pull(plan, [made.preview(plan)]))
    assert all(f'<span class="name">{one.stack}</span>' in html for one in plan.stacks)
    assert html.count('<details class="stack"') == 300


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, ""), (45, "45 s"), (60, "1 min"), (61, "2 min"), (3600, "1 h"), (4800, "1 h 20 min"), (97_200, "1 d 3 h")],
)
def test_times(seconds: int, told: str) -> None:
    assert lasting(seconds) == told


def test_amounts() -> None:
    assert [delta(*one) for one in ((1, 3.5), (3.5, 1), (1, 1.001))] == ["+2.50", "−2.50", "±0.00"]


class TestCommand:
    @pytest.fixture
    def files(self, tmp_path: Path) -> Path:
        plan = made.plan(5)
        (tmp_path / "plan.json").write_text(plan.model_dump_json())
        (tmp_path / "preview.json").write_text(made.preview(plan).model_dump_json())
        return tmp_path

    def run(self, *arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(application(), ["report", *arguments])
        return done.exit_code, done.output

    @pytest.mark.parametrize(
        ("form", "start"),
        [
            ("comment", comment.MARKER),
            ("summary", comment.MARKER),
            ("html", "<!doctype html>"),
            ("json", "{"),
            ("sarif", "{"),
            ("gitlab", "["),
            ("workflow", "::"),
        ],
    )
    def test_writes_every_form(self, files: Path, form: str, start: str) -> None:
        given = ("--plan", f"{files}/plan.json", "--preview", f"{files}/preview.json", "--format", form)
        code, text = self.run(*given)
        assert (code, text.lstrip()[: len(start)]) == (0, start)
        assert self.run(*given, "-o", f"{files}/out") == (0, "")
        assert (files / "out").read_text() == text

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ((), "nothing to report on"),
            (("--plan", "missing.json"), "cannot be read"),
            (("--plan", "preview.json"), "is not what `fleet plan --output json` writes: base"),
            (("--preview", "broken.json"), "is not what `fleet preview --output json` writes"),
            (("--plan", "plan.json", "--link", "javascript:alert(1)"), "is no link"),
            (("--plan", "plan.json", "--link", 'https://a/"onclick='), "is no link"),
            (("--plan", "plan.json", "--approved", "plan.json"), "plan.json"),
        ],
    )
    def test_says_what_is_wrong_with_what_it_was_given(
        self, files: Path, arguments: tuple[str, ...], said: str
    ) -> None:
        (files / "broken.json").write_text("{")
        code, text = self.run(*(f"{files}/{one}" if one.endswith(".json") else one for one in arguments))
        assert (code, said in text) == (2, True), text
        assert "Traceback" not in text
