"""Problems are told completely, in order, and nothing in them can act on who reads them."""

import io
import json
import re
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stacks.problem import Problem
from stacks.tell.problems import FORMATS, write

ONE = Problem(
    "fleet/clusters/pay/orders.yaml", 3, 5, "unknown-key", "key 'wrokers' is unknown", "workers", "write workers"
)
TWO = Problem("fleet/cells/a.yaml", 1, 1, "small-cell", "the cell is small", severity="warning")
TEXT = "services:\n  connect:\n    wrokers: 3\n"

HOSTILE = st.text(
    st.one_of(st.sampled_from("\n\r\t\x1b\x00%:,{}[]()\\'\"`<>@$;|\u202e\u2028\x7f\x85\ufeff\udc80"), st.characters()),
    max_size=30,
)
PROBLEMS = st.builds(
    Problem,
    HOSTILE,
    st.integers(1, 5),
    st.integers(1, 40),
    st.sampled_from(["a-code", "b-code"]),
    HOSTILE,
    HOSTILE,
    HOSTILE,
    st.sampled_from(["error", "warning"]),
)

# The parts of SARIF 2.1.0 that are written here, closed: a misspelt property is an error.
_MESSAGE = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": {"type": "string"}},
    "additionalProperties": False,
}


def _closed(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


_REGION = _closed(
    ["startLine"], startLine={"type": "integer", "minimum": 1}, startColumn={"type": "integer", "minimum": 1}
)
_ARTIFACT = _closed(["uri"], uri={"type": "string", "pattern": r"^[A-Za-z0-9/._~%-]*$"}, uriBaseId={"const": "ROOT"})
_RESULT = _closed(
    ["message", "ruleId"],
    ruleId={"type": "string"},
    ruleIndex={"type": "integer", "minimum": 0},
    level={"enum": ["none", "note", "warning", "error"]},
    message=_MESSAGE,
    locations={
        "type": "array",
        "items": _closed(
            ["physicalLocation"],
            physicalLocation=_closed(["artifactLocation"], artifactLocation=_ARTIFACT, region=_REGION),
        ),
    },
    partialFingerprints={"type": "object", "additionalProperties": {"type": "string"}},
)
_RULES = {
    "type": "array",
    "uniqueItems": True,
    "items": _closed(["id"], id={"type": "string"}, shortDescription=_MESSAGE),
}
_RUN = _closed(
    ["tool", "results"],
    tool=_closed(["driver"], driver=_closed(["name"], name={"type": "string"}, rules=_RULES)),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    originalUriBaseIds={"type": "object", "additionalProperties": _closed([], description=_MESSAGE)},
    results={"type": "array", "items": _RESULT},
)
SARIF = _closed(
    ["version", "runs"],
    version={"const": "2.1.0"},
    runs={"type": "array", "items": _RUN},
    **{"$schema": {"type": "string", "format": "uri"}},
)


def told(problems: list[Problem], format: str, **options: Any) -> str:
    stream = io.StringIO()
    write(problems, format, stream, **options)
    return stream.getvalue()


def test_text_shows_the_line_and_points_into_it() -> None:
    assert told([ONE, TWO, ONE], "text", source={ONE.file: TEXT}.get) == (
        "fleet/cells/a.yaml:1:1: warning: small-cell: the cell is small\n"
        "fleet/clusters/pay/orders.yaml:3:5: unknown-key: key 'wrokers' is unknown\n"
        "  3 |     wrokers: 3\n"
        "    |     ^^^^^^^\n"
        "  allowed: workers\n"
        "  hint: write workers\n"
        "1 error and 1 warning in 2 files\n"
    )


def test_the_pointer_stays_under_its_column_in_a_long_line_and_behind_wide_or_hidden_characters() -> None:
    line = "a\t\x1b[31m" + "x" * 500 + " here " + "y" * 500
    problem = Problem("f", 1, line.index("here") + 1, "c", "m")
    shown, pointer = told([problem], "text", source={"f": line}.get).splitlines()[1:3]
    assert shown[pointer.index("^") :].startswith("here")
    assert pointer.rstrip().endswith(" ^^^^")
    assert "\x1b" not in shown


def test_a_position_behind_the_end_of_the_file_shows_no_line() -> None:
    assert told([Problem("f", 9, 9, "c", "m")], "text", source={"f": "a"}.get) == "f:9:9: c: m\n1 error in 1 file\n"


def test_no_problems_are_said_too() -> None:
    assert told([], "text") == "no problems\n"
    assert json.loads(told([], "json")) == {"version": 1, "problems": [], "errors": 0, "warnings": 0, "files": 0}


def test_color_is_the_only_difference() -> None:
    colored = told([ONE], "text", color=True, source={ONE.file: TEXT}.get)
    assert "\x1b[31m" in colored
    assert re.sub(r"\x1b\[[0-9]+m", "", colored) == told([ONE], "text", source={ONE.file: TEXT}.get)


def test_json_holds_every_field_in_order_and_once() -> None:
    document = json.loads(told([ONE, TWO, ONE], "json"))
    assert [Problem(**problem) for problem in document["problems"]] == [TWO, ONE]
    assert (document["errors"], document["warnings"], document["files"]) == (1, 1, 2)


def test_notes_fail_nothing_and_are_counted() -> None:
    note = Problem("f", 2, 3, "impact-deletes", "deletes: cell.a", severity="note")
    assert told([ONE, note], "text").endswith("1 error and 1 note in 2 files\n")
    assert told([note], "github").startswith("::notice file=f,line=2,col=3,title=impact-deletes::deletes")
    assert json.loads(told([note], "sarif"))["runs"][0]["results"][0]["level"] == "note"
    document = json.loads(told([note], "json"))
    assert (document["errors"], document["warnings"]) == (0, 0)


def test_gitlab_gets_a_code_quality_report() -> None:
    (first, second) = json.loads(told([ONE, TWO], "gitlab"))
    assert (first["severity"], second["severity"]) == ("minor", "major")
    assert second["location"] == {"path": ONE.file, "lines": {"begin": 3}}
    assert second["description"] == "key 'wrokers' is unknown\nallowed: workers\nhint: write workers"
    assert first["fingerprint"] != second["fingerprint"]


def test_github_escapes_as_the_runner_expects() -> None:
    hostile = Problem("a,b:c%d.yaml", 2, 3, "c", "100%\n::set-env name=x::y")
    assert told([hostile], "github").splitlines()[0] == (
        "::error file=a%2Cb%3Ac%25d.yaml,line=2,col=3,title=c::100%25\\n::set-env name=x::y"
    )


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="there are text, json, github, sarif"):
        told([], "xml")


@given(st.lists(PROBLEMS, max_size=5), st.sampled_from(FORMATS))
def test_no_format_lets_a_value_act(problems: list[Problem], format: str) -> None:
    output = told(problems, format, source=dict.fromkeys((p.file for p in problems), "a\x1b[2J\u202e: 1\nb\n").get)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\ufeff\ud800-\udfff]", output)
    output.encode()


@given(st.lists(PROBLEMS, max_size=5))
def test_github_writes_one_command_a_problem_and_nothing_else(problems: list[Problem]) -> None:
    *commands, last = told(problems, "github").split("\n")[:-1]
    unique = sorted(set(problems))
    assert len(commands) == len(unique)
    assert not last.startswith("::")
    for command, problem in zip(commands, unique, strict=True):
        match = re.fullmatch(r"::(error|warning) file=([^,:]*),line=(\d+),col=(\d+),title=([^,:]*)::(.*)", command)
        assert match
        assert match[1] == problem.severity
        assert int(match[3]) == problem.line


@given(st.lists(PROBLEMS, max_size=5))
def test_sarif_has_the_published_structure(problems: list[Problem]) -> None:
    log = json.loads(told(problems, "sarif"))
    jsonschema.validate(log, SARIF)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [
        problem.code for problem in sorted(set(problems))
    ]
    for result in run["results"]:
        bare = re.sub(r"\\.|\{\{|\}\}", "", result["message"]["text"], flags=re.DOTALL)
        assert not re.search(r"[\[\]{}\\]", bare), "a value would be read as a link or an argument"


def test_the_structure_notices_a_misspelt_property() -> None:
    log = json.loads(told([ONE], "sarif"))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startColum"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(log, SARIF)


def test_sarif_keeps_an_alert_when_lines_are_added_above_it() -> None:
    def fingerprint(problem: Problem) -> Any:
        return json.loads(told([problem], "sarif"))["runs"][0]["results"][0]["partialFingerprints"]

    moved = Problem(ONE.file, 9, 5, ONE.code, ONE.message)
    assert fingerprint(moved) == fingerprint(Problem(ONE.file, 3, 5, ONE.code, ONE.message))
    assert fingerprint(moved) != fingerprint(TWO)
