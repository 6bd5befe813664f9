"""What a person and a program are told of a run."""

import io
import json
from pathlib import Path
from typing import Any

from stacks.cli.exit import Exit
from stacks.cli.running import exit_code
from stacks.run.outcome import Diagnostic, Outcome, PolicyViolation, PropertyChange, ResourceChange
from stacks.run.report import Report, schema
from stacks.stack import Stack
from stacks.tell.console import console
from stacks.tell.counting import by_cloud, count, signs
from stacks.tell.diff import write_diff
from stacks.tell.live import Lines, moving
from stacks.tell.summary import last_line, write_summary


def resource(op: str, type: str = "aws:ec2/vpc:Vpc", name: str = "net", **fields: Any) -> ResourceChange:
    return ResourceChange(urn=f"urn:pulumi:s::kafka-fleet::{type}::{name}", type=type, op=op, **fields)


def outcome(stack: str = "kafka.a", result: str = "ok", **fields: Any) -> Outcome:
    return Outcome.model_validate({"stack": stack, "operation": "up", "result": result, **fields})


def report(*outcomes: Outcome, **fields: Any) -> Report:
    return Report.model_validate({"operation": "up", "seconds": 1.25, "outcomes": outcomes, **fields})


def summary(told: Report) -> str:
    stream = io.StringIO()
    write_summary(told, console(stream))
    return stream.getvalue()


def test_nothing_changes_is_said_plainly() -> None:
    same = outcome(resources=(resource("same"), resource("same", "pulumi:pulumi:Stack")))
    assert last_line(report(same, same)) == "nothing changes: all 2 resources of 2 stacks are as declared (1.2 s)"


def test_protection_that_ends_is_a_change() -> None:
    lifted = outcome(resources=(resource("same", lifts_protection=True),))
    assert signs(count(lifted)) == "!1"
    assert last_line(report(lifted)).startswith("up: 1 resources changed")
    assert exit_code(report(lifted), expect_no_changes=True) is Exit.CHANGES


def test_a_step_that_failed_changed_nothing() -> None:
    tried = outcome(result="failed", resources=(resource("create", failed=True), resource("create", name="b")))
    assert signs(count(tried)) == "+1"
    assert "1 resources changed" in last_line(report(tried))


def test_resources_are_counted_by_cloud() -> None:
    found = by_cloud(
        [
            outcome(
                resources=(
                    resource("create"),
                    resource("replace", name="b"),
                    resource("create-replacement", "kubernetes:core/v1:Namespace"),
                    resource("same", "kafkafleet:cells:Cell"),
                    resource("create", "pulumi:providers:aws"),
                )
            )
        ]
    )
    assert found == {
        "aws": {"create": 1, "replace": 1},
        "kubernetes": {"replace": 1},
        "components": {"same": 1, "create": 1},
    }


def test_the_summary_shows_endpoints_trouble_and_cells_that_do_not_exist() -> None:
    good = outcome("kafka.a", outputs={"endpoints": {"tls": "kafka.a:9093", "none": None}, "other": "x"})
    bad = outcome(
        "kafka.b",
        "failed",
        reason="a step failed",
        diagnostics=(Diagnostic(severity="error", message="quota\nsecond line", urn="urn::x::net"),),
    )
    text = summary(report(good, bad, not_applied=("euw1",)))
    for told in ("kafka.a:9093", "kafka.b: failed", "net: quota", "second line", "cell not applied: euw1"):
        assert told in text
    assert "1 failed, 1 ok of 2 stacks" in text


def test_what_policies_advise_is_told_once_and_what_they_refuse_where_it_is() -> None:
    def said(level: str, policy: str) -> PolicyViolation:
        return PolicyViolation(
            pack="p", policy=policy, level=level, message=f"About {policy}\nnet is wrong", urn="u::net"
        )

    advised = [outcome(f"kafka.{name}", policies=(said("advisory", "digests"),)) for name in "abcdef"]
    text = summary(report(*advised, outcome("kafka.g", "failed", policies=(said("mandatory", "tls"),))))
    assert "digests: About digests: 6 times in kafka.a, kafka.b, kafka.c, kafka.d, …" in text
    assert text.count("About digests") == 1
    assert "error: net: policy tls: About tls" in text


def test_hostile_text_is_shown_and_not_obeyed() -> None:
    message = "[red]markup[/red] :smile: \x1b[2J\u202e and {0}"
    text = summary(report(outcome("kafka.b", "failed", diagnostics=(Diagnostic(severity="error", message=message),))))
    assert "[red]markup[/red] :smile:" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_names_are_never_cut_where_nobody_has_a_window() -> None:
    name = "app.a-rather-long-cluster-name-in-production.an-application-with-a-long-name"
    assert name in summary(report(outcome(name)))


def test_the_diff_names_each_property() -> None:
    stream = io.StringIO()
    changes = (
        PropertyChange(path="size", kind="update-replace", old="1", new="2"),
        PropertyChange(path="tags.a", kind="add", new='"x"'),
        PropertyChange(path="gone", kind="delete", old="true"),
    )
    write_diff(outcome(resources=(resource("replace", changes=changes), resource("same", name="n"))), console(stream))
    lines = [line.strip() for line in stream.getvalue().splitlines()]
    assert "size: 1 → 2  (replaces)" in lines
    assert 'tags.a: + "x"' in lines
    assert "gone: - true" in lines
    assert not any(" n " in f" {line} " for line in lines)


def test_a_log_gets_one_plain_line_a_stack() -> None:
    stream = io.StringIO()
    with Lines(2, stream) as lines:
        lines.started(Stack("kafka.a", "service", "c", "f", False), None)  # type: ignore[arg-type]  # not looked at
        lines.ended(outcome(resources=(resource("create"),), seconds=1.26))
        lines.ended(outcome("kafka.b", "failed"))
    assert stream.getvalue().splitlines() == ["[1/2] ok kafka.a +1 1.3 s", "[2/2] failed kafka.b 0.0 s"]
    assert not moving(stream, {})


def test_json_holds_the_documented_fields_and_reads_back() -> None:
    told = report(outcome(resources=(resource("create"),), outputs={"a": 1}))
    assert Report.model_validate_json(told.model_dump_json()) == told
    schema = Report.model_json_schema()
    described = [schema, *schema["$defs"].values()]
    assert all("description" in field for one in described for field in one["properties"].values())
    assert json.loads(told.model_dump_json())["format"] == 1


def test_the_documented_schema_is_the_one_that_is_written() -> None:
    written = Path(__file__).parents[2] / "docs" / "report.schema.json"
    assert written.read_text() == schema(), "run: python -m stacks.run.report > docs/report.schema.json"


def test_exit_codes_tell_the_worst() -> None:
    codes = {
        ("ok", "ok"): Exit.OK,
        ("ok", "busy"): Exit.BUSY,
        ("busy", "failed"): Exit.FAILED,
        ("busy", "skipped"): Exit.BUSY,
        ("ok", "refused"): Exit.FAILED,
        ("ok", "skipped"): Exit.FAILED,
        ("failed", "cancelled"): Exit.INTERRUPTED,
    }
    for results, code in codes.items():
        assert exit_code(report(*(outcome(result=one) for one in results))) is code
