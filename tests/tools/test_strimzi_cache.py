"""Strimzi's CRDs: verified, cached once, mended when damaged, refused when they are not the recorded ones."""

import copy
import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.strimzi import StrimziError, folder, generate, java, obtain, release, versions

KINDS = (
    *("Kafka", "KafkaBridge", "KafkaConnect", "KafkaConnector", "KafkaMirrorMaker2", "KafkaNodePool"),
    *("KafkaRebalance", "KafkaTopic", "KafkaUser", "StrimziPodSet"),
)


@pytest.fixture(scope="module")
def real() -> dict[str, dict[str, Any]]:
    found = json.loads((folder() / "crds.json").read_text("utf-8"))
    return {crd["spec"]["names"]["kind"]: crd for crd in found}


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, real: dict[str, dict[str, Any]]) -> list[str]:
    """An empty cache whose only source is the real CRDs; the list says how often they were generated."""
    calls: list[str] = []

    def unreachable(version: str) -> dict[str, dict[str, Any]]:
        raise StrimziError(f"release {version} not reached")

    def generated(version: str, classes: dict[str, str]) -> dict[str, dict[str, Any]]:
        calls.append(version)
        return {kind: real[kind] for kind in classes}

    monkeypatch.setenv("KAFKA_FLEET_CACHE", str(tmp_path))
    monkeypatch.setattr(obtain, "download", unreachable)
    monkeypatch.setattr(obtain, "generate", generated)
    return calls


def test_the_folder_holds_ten_crds_and_what_they_hash_to() -> None:
    place = folder()
    assert sorted(path.stem for path in place.glob("*.yaml")) == sorted(KINDS)
    manifest = json.loads((place / "manifest.json").read_text("utf-8"))
    assert manifest["objects"] == {kind: entry["sha256"] for kind, entry in versions.expected("1.2.0").items()}
    crds = {crd["spec"]["names"]["kind"]: crd for crd in json.loads((place / "crds.json").read_text("utf-8"))}
    for kind in KINDS:
        assert yaml.safe_load((place / f"{kind}.yaml").read_text("utf-8")) == crds[kind]


def test_it_is_obtained_once(source: list[str], tmp_path: Path) -> None:
    assert folder() == folder() == tmp_path / "strimzi" / "1.2.0"
    assert source == ["1.2.0"]
    assert sorted(path.name for path in (tmp_path / "strimzi").iterdir()) == ["1.2.0", "1.2.0.lock"]


def test_runs_at_once_obtain_it_once(source: list[str]) -> None:
    threads = [threading.Thread(target=folder) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert source == ["1.2.0"]


@pytest.mark.parametrize("damage", ["Kafka.yaml", "crds.json", "manifest.json"])
def test_a_damaged_cache_is_made_anew(source: list[str], damage: str) -> None:
    place = folder()
    (place / damage).write_text("{}", "utf-8")
    before = len(source)
    folder()
    assert len(source) == before + 1
    assert (place / damage).read_text("utf-8") != "{}"


def test_a_crd_that_is_not_the_recorded_one_is_refused(
    source: list[str], real: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tampered = copy.deepcopy(real)
    del tampered["KafkaTopic"]["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
    monkeypatch.setattr(obtain, "generate", lambda version, classes: tampered)
    with pytest.raises(StrimziError, match=r"KafkaTopic has sha256 .* recorded is"):
        folder()
    assert not (tmp_path / "strimzi" / "1.2.0").exists()


@pytest.mark.parametrize(("change", "said"), [("missing", "KafkaUser is missing"), ("added", "Extra is not recorded")])
def test_a_crd_too_few_or_too_many_is_refused(change: str, said: str, real: dict[str, dict[str, Any]]) -> None:
    crds = dict(real)
    if change == "missing":
        del crds["KafkaUser"]
    else:
        crds["Extra"] = {}
    with pytest.raises(StrimziError, match=said):
        versions.verify("1.2.0", crds)


def test_an_unrecorded_version_is_refused() -> None:
    with pytest.raises(StrimziError, match=r"strimzi version '9.9.9' is not recorded; known: 1.2.0"):
        folder("9.9.9")


def test_without_any_source_both_reasons_are_told(source: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(version: str, classes: dict[str, str]) -> dict[str, dict[str, Any]]:
        raise StrimziError("no Java 21 or newer was found")

    monkeypatch.setattr(obtain, "generate", broken)
    with pytest.raises(StrimziError, match=r"release 1.2.0 not reached; and .* no Java 21 or newer"):
        folder()


@pytest.mark.parametrize(
    ("own", "xdg", "wanted"),
    [("/a", "/b", "/a"), ("", "/b", "/b/kafka-fleet"), ("", "", str(Path.home() / ".cache" / "kafka-fleet"))],
)
def test_where_the_cache_is(own: str, xdg: str, wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_FLEET_CACHE", own)
    monkeypatch.setenv("XDG_CACHE_HOME", xdg)
    assert obtain.cache() == Path(wanted)


@pytest.mark.parametrize("separator", ["", "---\n"])
def test_a_release_is_read_with_and_without_separators(separator: str, real: dict[str, dict[str, Any]]) -> None:
    text = "".join(separator + yaml.safe_dump(real[kind], sort_keys=False) for kind in ("KafkaTopic", "KafkaUser"))
    assert release.parse(text) == {kind: real[kind] for kind in ("KafkaTopic", "KafkaUser")}


def test_a_release_out_of_reach_is_an_error_with_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(address: str, timeout: float) -> Any:
        raise urllib.error.URLError(f"no way out after {timeout} s")

    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    with pytest.raises(StrimziError, match=r"strimzi's release 1.2.0 was not read from https://.*no way out"):
        release.download("1.2.0")


def _fake_java(place: Path, said: str) -> Path:
    binary = place / "bin" / "java"
    binary.parent.mkdir(parents=True)
    binary.write_text(f"#!/bin/sh\necho '{said}' >&2\n", "utf-8")
    binary.chmod(0o755)
    return binary


def test_java_home_comes_first_unless_it_is_too_old(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    new = _fake_java(tmp_path / "new", 'openjdk version "21.0.4"')
    old = _fake_java(tmp_path / "old", 'openjdk version "17.0.15"')
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "new"))
    assert java.find() == new
    assert java.major(old) == 17
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "old"))
    assert java.find() != old
    monkeypatch.setattr(java, "candidates", lambda: iter([old]))
    with pytest.raises(StrimziError, match=r"no Java 21 or newer was found \(too old: .*old/bin/java\)"):
        java.find()


def test_without_maven_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.strimzi.generate.shutil.which", lambda name: None)
    with pytest.raises(StrimziError, match=r"Maven \(`mvn`\) is not on PATH"):
        generate.generate("1.2.0", {"Kafka": "x.Kafka"})


def test_the_command_prints_the_folder_or_the_error() -> None:
    command = [sys.executable, "-m", "tools.strimzi"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(folder())
    failed = subprocess.run([*command, "--version", "9.9.9"], capture_output=True, text=True, check=False)
    assert failed.returncode == 1
    assert failed.stderr.startswith("error: strimzi version '9.9.9' is not recorded")
    assert "Traceback" not in failed.stderr
