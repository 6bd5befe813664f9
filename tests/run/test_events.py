"""The event log becomes typed results; what is not on the allow-list does not get through."""

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from stacks.run.events import Digest, EventLog, clean
from stacks.run.values import ABSENT, MASK, UNKNOWN, lookup, mask, shown

_MARK = "4dabf18193072939515e22adb298388d"
SECRET = {_MARK: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "hidden-by-the-engine"}
URN = "urn:pulumi:kafka.a::kafka-fleet::tiny:index:Thing::t"


def step(op: str, **fields: Any) -> str:
    metadata = {"op": op, "urn": URN, "type": "tiny:index:Thing", **fields}
    return json.dumps({"resourcePreEvent": {"metadata": metadata}})


def digest(*lines: str) -> Digest:
    found = Digest()
    found.feed(lines)
    return found


def test_secrets_and_sensitive_names_never_get_through() -> None:
    old = {"inputs": {"password": SECRET, "kubeconfig": "apiVersion: v1", "plain": "x"}}
    new = {"inputs": {"password": SECRET, "kubeconfig": "apiVersion: v2", "plain": "y", "nested": {"token": "abc"}}}
    diff = {key: {"diffKind": "update", "inputDiff": True} for key in ("password", "kubeconfig", "plain", "nested")}
    (resource,) = digest(step("update", old=old, new=new, detailedDiff=diff)).resources.values()
    assert {one.path: (one.old, one.new) for one in resource.changes} == {
        "password": (MASK, MASK),
        "kubeconfig": (MASK, MASK),
        "plain": ('"x"', '"y"'),
        "nested": (None, '{"token": "[secret]"}'),
    }


@given(st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_a_marked_secret_is_masked_wherever_it_stands(around: Any) -> None:
    canary = "hidden-by-the-engine"
    for value in ({"a": [around, {"b": SECRET}]}, [SECRET, around], SECRET):
        text = json.dumps(mask(value)) + str(shown("a.b", value))
        assert canary not in text


def test_a_value_known_after_apply_is_named() -> None:
    assert mask({"id": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}) == {"id": UNKNOWN}


def test_paths_with_quoted_keys_and_indexes_are_followed() -> None:
    value = {"spec": {"config": {"log.dirs": ["a", "b"]}}}
    assert lookup(value, 'spec.config["log.dirs"][1]') == "b"
    assert lookup(value, "spec.config.nothing") is ABSENT


def test_replacement_steps_are_one_replacement() -> None:
    found = digest(step("create-replacement"), step("replace"), step("delete-replaced"))
    assert [one.op for one in found.resources.values()] == ["replace"]


def test_protection_that_ends_is_seen_in_an_unchanged_resource() -> None:
    (resource,) = digest(step("same", old={"protect": True}, new={"protect": False})).resources.values()
    assert resource.lifts_protection
    (resource,) = digest(step("same", old={"protect": True}, new={"protect": True})).resources.values()
    assert not resource.lifts_protection


def test_only_warnings_and_errors_are_kept_and_cleaned() -> None:
    lines = [
        json.dumps({"diagnosticEvent": {"severity": severity, "message": f"<{{%red%}}>{severity}\x1b[31m\x07"}})
        for severity in ("debug", "info", "info#err", "warning", "error")
    ]
    found = digest(*lines, json.dumps({"stdoutEvent": {"message": "printed"}}))
    assert [(one.severity, one.message) for one in found.diagnostics] == [("warning", "warning"), ("error", "error")]


@given(st.text())
def test_clean_text_has_no_control_characters(text: str) -> None:
    assert not any(ord(one) < 32 and one not in "\t\n" for one in clean(text))


def test_a_line_still_being_written_waits(tmp_path: Path) -> None:
    path = tmp_path / "events"
    log = EventLog(path)
    assert log.read().resources == {}
    line = step("create")
    path.write_text(line[:40])
    assert log.read().resources == {}
    path.write_text(line + "\n" + line[:10])
    assert len(log.read().resources) == 1
    path.write_text(line + "\n" + line.replace("::t", "::u") + "\n")
    assert [one.name for one in log.read().resources.values()] == ["t", "u"]
