"""Effects of a change, each at the line that causes it."""

import subprocess
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest

from components.impact.contract import DELETES, DYNAMIC, MISSING, ROLLS_BROKERS
from stacks.plan import document
from stacks.plan.affected import affected
from stacks.plan.effects import effects, estimate_of, impact_of
from stacks.plan.experiment import experiment, put
from stacks.plan.pair import Comparison
from tools.fleet_copy import copy_fleet

PAYMENTS = "fleet/clusters/payments/payments-prod.yaml"
API = "fleet/apps/payments/payments-api.yaml"

Edit = Callable[..., Comparison]


def _git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example fleet in a repository of its own."""
    made = copy_fleet(tmp_path_factory.mktemp("effects"))
    _git(made, "init", "--quiet", "--initial-branch", "main")
    _git(made, "add", "--all")
    _git(made, "commit", "--quiet", "-m", "before")
    return made


@pytest.fixture
def edit(root: Path) -> Edit:
    """Change files (name, old text, new text; None ends the file) and compare with what was committed."""

    def change(*edits: tuple[str, str, str | None]) -> Comparison:
        _git(root, "checkout", "--quiet", "--", ".")
        _git(root, "clean", "--quiet", "-fd")
        for name, old, new in edits:
            file = root / name
            text = file.read_text("utf-8") if file.exists() else ""
            if new is None:
                file.unlink()
            else:
                assert old in text
                file.write_text(text.replace(old, new, 1), "utf-8")
        return affected(root, "HEAD")

    return change


def of(compared: Comparison, stack: str) -> tuple[document.Effect, ...]:
    """The effects of one stack."""
    return effects(compared.pairs[stack], compared)


def test_each_value_has_its_own_effect_at_its_own_line(edit: Edit) -> None:
    compared = edit(
        (PAYMENTS, "compression.type: producer", "compression.type: lz4"),
        (PAYMENTS, "log.cleaner.threads: 2", "log.cleaner.threads: 9"),
    )
    rolls, dynamic = of(compared, "kafka.payments-prod")
    assert (rolls.impact, rolls.line, rolls.column) == (ROLLS_BROKERS, 17, 28)
    assert rolls.path == "services.kafka.config.log.cleaner.threads"
    assert (rolls.old, rolls.new) == ("2", "9")
    assert rolls.object == "Kafka/payments-prod"
    assert len(rolls.nodes) == 3
    assert rolls.estimate == document.Estimate(seconds=540, formula="3 × broker 180 s")
    assert (dynamic.impact, dynamic.line, dynamic.file) == (DYNAMIC, 16, PAYMENTS)


def test_a_value_that_a_profile_supplies_is_told_there(edit: Edit) -> None:
    compared = edit(("fleet/profiles/critical.yaml", "controllers: 5", "controllers: 3"))
    worst = of(compared, "kafka.payments-prod")[0]
    assert (worst.impact, worst.file, worst.line) == ("irreversible", "fleet/profiles/critical.yaml", 11)


def test_a_value_of_the_ring_is_told_there_for_each_cluster(edit: Edit) -> None:
    compared = edit(("fleet/services/kafka.yaml", "producer_bytes_per_s: 52428800", "producer_bytes_per_s: 1000000"))
    found = [of(compared, name) for name in compared.pairs]
    assert len(found) == 3
    assert {(one.file, one.line) for effects in found for one in effects} == {("fleet/services/kafka.yaml", 17)}


def test_two_values_that_are_only_valid_together_are_told_together(edit: Edit) -> None:
    """A topic with fewer replicas than must be in sync is refused, so neither value can be tried alone."""
    compared = edit(
        (
            API,
            "    partitions: 48\n    config: { retention.ms: 604800000, min.insync.replicas: 2 }",
            ("    partitions: 48\n    replicas: 2\n    config: { retention.ms: 604800000, min.insync.replicas: 1 }"),
        )
    )
    found = of(compared, "app.payments-prod.payments-api")
    assert [one.impact for one in found] == ["moves data", "dynamic"]
    assert {one.line for one in found} == {10, 11}


def test_what_another_file_caused_is_told_there(edit: Edit) -> None:
    compared = edit((PAYMENTS, "cost_center: payments-2001", "cost_center: payments-2009"))
    (effect,) = of(compared, "app.payments-prod.payments-api")
    assert (effect.impact, effect.file, effect.line) == ("none", PAYMENTS, 3)
    assert effect.old is None


def test_a_stack_that_ends_names_what_holds_data(edit: Edit) -> None:
    compared = edit((API, "", None))
    (effect,) = of(compared, "app.payments-prod.payments-api")
    assert effect.impact == DELETES
    assert "KafkaTopic 'payments.requested'" in effect.reason
    assert (effect.file, effect.line) == (API, 1)


def test_a_new_stack_has_no_effects(edit: Edit) -> None:
    body = "cluster: web-staging\nprefixes: [new.]\ntopics: {new.one: {partitions: 1}}\n"
    compared = edit(("fleet/apps/web/new.yaml", "", body))
    found = of(compared, "app.web-staging.new")
    assert found == ()
    assert impact_of(found) == "none"
    assert estimate_of(found).seconds == 0


def test_a_file_with_errors_ends_nothing(edit: Edit) -> None:
    compared = edit((PAYMENTS, "cost_center: payments-2001", "cost_centre: payments-2001"))
    away = [name for name, pair in compared.pairs.items() if pair.after is None]
    assert len(away) > 3
    assert [of(compared, name) for name in away] == [()] * len(away)


def test_secrets_are_masked_and_long_values_named(edit: Edit) -> None:
    compared = edit((API, '"type": "record", "name": "Settled"', '"type": "record", "doc": "x", "name": "Settled"'))
    shown = [one.new for one in of(compared, "app.payments-prod.payments-api")]
    assert any(value and value.endswith(" characters>") for value in shown)


def test_the_same_change_is_told_the_same_way(edit: Edit) -> None:
    edits = (
        (PAYMENTS, "produce_mb_per_s: 60", "produce_mb_per_s: 160"),
        (PAYMENTS, "log.cleaner.threads: 2", "log.cleaner.threads: 3"),
    )
    first, second = ({name: of(compared, name) for name in compared.pairs} for compared in (edit(*edits), edit(*edits)))
    assert first == second
    assert impact_of(first["kafka.payments-prod"]) == "moves data"


def test_a_cell_says_what_its_own_fields_do(edit: Edit) -> None:
    compared = edit(("fleet/cells/aws-use1-dev.yaml", "nat: single", "nat: per-zone"))
    (effect, *_) = of(compared, "cell.aws-use1-dev")
    assert (effect.impact, effect.file, effect.line) == ("replaces", "fleet/cells/aws-use1-dev.yaml", 13)


def test_what_the_code_changed_is_told_at_the_code(edit: Edit) -> None:
    """The base's rendition comes from the base's code: what the same document gives here is another thing."""
    compared = edit(
        (PAYMENTS, "compression.type: producer", "compression.type: lz4"),
        (PAYMENTS, "log.cleaner.threads: 2", "log.cleaner.threads: 3"),
    )
    pair = compared.pairs["kafka.payments-prod"]
    assert pair.before is not None
    rendition = pair.before.rendition
    key = next(name for name in rendition.items if "/Kafka " in name)
    body = deepcopy(dict(rendition.items[key].body))
    body["spec"]["maintenanceTimeWindows"] = ["* * 9-10 ? * MON *"]
    older = replace(rendition, items={**rendition.items, key: replace(rendition.items[key], body=body)})
    code = document.Through(kind="code", file="components/services/kafka/kafka.py", line=7)
    found = effects(
        replace(pair, before=replace(pair.before, rendition=older), through=(*pair.through, code)), compared
    )
    assert {(one.impact, one.file, one.line) for one in found} == {
        ("dynamic", PAYMENTS, 16),
        ("dynamic", PAYMENTS, 17),
        ("none", "components/services/kafka/kafka.py", 7),
    }


def test_many_values_take_few_experiments(edit: Edit, monkeypatch: pytest.MonkeyPatch) -> None:
    topics = "\n".join(f"  payments.t{number}: {{ partitions: 1 }}" for number in range(200))
    compared = edit((API, "topics:\n", f"topics:\n{topics}\n"))
    pair = compared.pairs["app.payments-prod.payments-api"]
    assert pair.before is not None
    assert len(pair.leaves) >= 200
    assert 2 < len(experiment(pair.before, pair.leaves).alone) <= 50
    found = effects(pair, compared)
    assert {one.impact for one in found} == {DYNAMIC}
    assert {one.path.rpartition(".")[2] for one in found} >= {"t7", "t199"} or len(found) > 50


def _effect(impact: str, *nodes: str, seconds: int) -> document.Effect:
    return document.Effect(
        impact=impact,
        reason="it does",
        file="a",
        line=1,
        column=1,
        nodes=nodes,
        estimate=document.Estimate(seconds=seconds, formula=f"{seconds} s"),
    )


def test_pods_restart_once_whoever_asks_for_it() -> None:
    same = (_effect("rolls brokers", "b-0", "b-1", seconds=360), _effect("rolls brokers", "b-0", "b-1", seconds=360))
    assert estimate_of(same).seconds == 360
    apart = (_effect("rolls brokers", "b-0", seconds=180), _effect("rolls brokers", "b-1", seconds=180))
    assert estimate_of(apart) == document.Estimate(seconds=360, formula="2 × 180 s")
    both = (*same, _effect("rolls controllers", "c-0", seconds=60))
    assert estimate_of(both).seconds == 420


def test_data_moves_in_turn_and_what_needs_no_restart_happens_meanwhile() -> None:
    moved = (_effect("moves data", "b-3", seconds=100), _effect("moves data", "b-4", seconds=50))
    assert estimate_of((*moved, _effect("dynamic", seconds=300))).seconds == 150
    assert estimate_of((_effect("dynamic", seconds=30), _effect("dynamic", seconds=300))).seconds == 300
    assert estimate_of(()).seconds == 0


def test_a_value_is_put_where_its_path_leads() -> None:
    data = {"a": {"b": [1, {"c": 2}]}}
    assert put(data, ("a", "b", 1, "c"), 3) == {"a": {"b": [1, {"c": 3}]}}
    assert put(data, ("a", "b", 0), MISSING) == {"a": {"b": [{"c": 2}]}}
    assert put(data, ("a", "x", "y"), 3) == {"a": {"b": [1, {"c": 2}], "x": {"y": 3}}}
    assert put(data, ("a", "x", "y"), MISSING) == data
    assert put(data, ("a", "b", 2), 5) == {"a": {"b": [1, {"c": 2}, 5]}}
    assert data == {"a": {"b": [1, {"c": 2}]}}
