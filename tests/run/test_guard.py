"""The engine's own plan: what is held of it, and how a breach is known."""

import json
from pathlib import Path

import pytest

from stacks.run.guard import breached, loosen
from stacks.run.outcome import Diagnostic

_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def test_outputs_are_let_go_and_inputs_and_steps_are_held(tmp_path: Path) -> None:
    plan = tmp_path / "plan"
    goal = {"inputDiff": {"updates": {"size": 2}}, "outputDiff": {"adds": {"address": {}}, "deletes": ["old"]}}
    resources = {
        "urn:box": {"goal": goal, "steps": ["update"], "state": {"address": {}, "name": "a"}},
        "urn:gone": {"steps": ["delete"]},
        "urn:bare": {"goal": {"inputDiff": {}, "outputDiff": None}, "steps": ["same"]},
    }
    plan.write_text(json.dumps({"manifest": {}, "resourcePlans": resources}))
    loosen(plan)
    told = json.loads(plan.read_text())["resourcePlans"]
    assert told["urn:box"]["goal"] == {
        "inputDiff": {"updates": {"size": 2}},
        "outputDiff": {"adds": {"address": _UNKNOWN}, "updates": {"name": _UNKNOWN}},
    }
    assert told["urn:box"]["steps"] == ["update"]
    assert told["urn:gone"] == {"steps": ["delete"]}
    assert told["urn:bare"]["goal"]["outputDiff"] == {"adds": {}, "updates": {}}


@pytest.mark.parametrize(
    ("message", "breach"),
    [
        ("resource urn:pulumi:s::p::t::n violates plan: properties changed: ~~password[{&{{a}}}!={&{{b}}}]", True),
        ("resource violates plan: properties changed: ++ca_certificate[{}!={x}]", True),
        ("create is not allowed by the plan: no steps were expected for this resource", True),
        ("expected resource operations for urn:pulumi:s::p::t::n but none were seen", True),
        ("the quota of the plan is used up", False),
        ("preview failed", False),
    ],
)
def test_a_breach_is_known_by_the_engines_sentences(message: str, breach: bool) -> None:
    told = Diagnostic(severity="error", message=message)
    assert bool(breached([told])) == breach
