"""What of a live object's differences is somebody's change, and what is a default or a normal form."""

from typing import Any

from sandbox.kube import drift

GIVEN: dict[str, Any] = {
    "kind": "Deployment",
    "metadata": {"name": "one", "labels": {"a": "1"}},
    "spec": {"replicas": 2, "memory": "1024Mi", "items": [{"name": "x"}, {"name": "y"}]},
}
WANTED: dict[str, Any] = {
    "kind": "Deployment",
    "metadata": {"name": "one", "labels": {"a": "1"}, "uid": "1"},
    "spec": {"replicas": 2, "memory": "1Gi", "paused": False, "items": [{"name": "x"}, {"name": "y"}]},
}


def live(**spec: Any) -> dict[str, Any]:
    return {**WANTED, "spec": {**WANTED["spec"], **spec}}


def test_defaults_and_normal_forms_are_no_change() -> None:
    assert drift.inputs(GIVEN, WANTED, live()) == GIVEN


def test_a_changed_value_is_told_and_the_rest_stays_as_it_was_given() -> None:
    found = drift.inputs(GIVEN, WANTED, live(replicas=5))
    assert found["spec"] == {**GIVEN["spec"], "replicas": 5}


def test_what_was_taken_away_is_gone() -> None:
    without = live()
    del without["spec"]["replicas"]
    assert "replicas" not in drift.inputs(GIVEN, WANTED, without)["spec"]


def test_what_somebody_added_is_his_own() -> None:
    assert drift.inputs(GIVEN, WANTED, live(selector={"b": "2"})) == GIVEN


def test_an_item_that_changed_is_told_in_its_place_and_a_longer_list_whole() -> None:
    changed = drift.inputs(GIVEN, WANTED, live(items=[{"name": "x"}, {"name": "z"}]))
    assert changed["spec"]["items"] == [{"name": "x"}, {"name": "z"}]
    longer = [{"name": "x"}, {"name": "y"}, {"name": "z"}]
    assert drift.inputs(GIVEN, WANTED, live(items=longer))["spec"]["items"] == longer


def test_what_is_only_ever_written_is_kept() -> None:
    given = {"kind": "Secret", "stringData": {"a": "b"}}
    assert drift.inputs(given, {"kind": "Secret"}, {"kind": "Secret"}) == given


def test_a_definition_keeps_the_engines_spelling() -> None:
    given = {"spec": {"schema": {"x_kubernetes_preserve_unknown_fields": True, "type": "object"}}}
    server = {"spec": {"schema": {"x-kubernetes-preserve-unknown-fields": True, "type": "object"}}}
    assert drift.definition(given, server, server) == given
    other = {"spec": {"schema": {"x-kubernetes-preserve-unknown-fields": False, "type": "object"}}}
    assert drift.definition(given, server, other)["spec"]["schema"]["x_kubernetes_preserve_unknown_fields"] is False
