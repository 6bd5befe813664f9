"""Wrong inputs that the sandbox refuses as the real provider would: chosen by hand, and drawn by seed.

No engine and no server: the recorded requests of the example fleet stand in a world of this process.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.court import find, requests
from tests.sandbox.wrong_inputs import CASES, Wrong, edit
from tools.mutations.court import Court, Verdict
from tools.mutations.edit import Edit, Mutation, apply

FROZEN: list[dict[str, Any]] = json.loads(Path(__file__).with_name("frozen_mutations.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def court(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Court]:
    made = Court(tmp_path_factory.mktemp("court"), requests())
    yield made
    made.close()


def said(verdict: Verdict) -> str:
    return "\n".join(f"[{one.judge}] {one.code}: {one.message}" for one in verdict.refusals) or str(verdict)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.type}-{case.edits[0][0] if case.edits else 'delete'}")
def test_a_wrong_input_chosen_by_hand_is_refused(court: Court, case: Wrong) -> None:
    record = find(court, case.type, case.name)
    if case.edits:
        mutation = Mutation("by hand", record.urn, record.type, tuple(edit(*one) for one in case.edits))
        assert not court.judge(record, record.inputs).refusals
        verdict = court.judge(record, apply(record.inputs, mutation))
    else:
        verdict = court.delete(record)
    assert [
        one for one in verdict.refusals if (one.judge, one.code) == (case.judge, case.code) and case.says in one.message
    ], said(verdict)


@pytest.mark.parametrize("case", FROZEN, ids=lambda case: f"{case['type']}-{case['kind']}")
def test_a_mutation_drawn_by_seed_is_refused(court: Court, case: dict[str, Any]) -> None:
    """Drawn once with `tools.mutations.draw` (seed 2026) and kept, so that a law that is lost is seen by name."""
    record = next(one for one in court.records if (one.urn, one.type) == (case["urn"], case["type"]))
    edits = tuple(Edit(what, tuple(path), value) for what, path, value in case["edits"])
    verdict = court.judge(record, apply(record.inputs, Mutation(case["kind"], record.urn, record.type, edits)))
    expected = (case["stage"], case["judge"], case["code"])
    first = verdict.refusals[0] if verdict.refusals else None
    assert first is not None
    assert (verdict.operation, first.judge, first.code) == expected, said(verdict)
    assert case["message"] in first.message


def test_there_are_sixty_and_half_of_them_drawn() -> None:
    assert len(CASES) >= 30
    assert len(FROZEN) >= 30
    clouds = {case["type"].partition(":")[0] for case in FROZEN}
    assert clouds == {"aws", "azure-native", "gcp", "kubernetes"}
