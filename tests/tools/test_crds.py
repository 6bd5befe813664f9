"""CRDs of programs that somebody else installs: verified, cached once, mended when damaged, a readable error."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools import crds
from tools.crds import CrdsError, obtain, sources
from tools.crds.projects import Project, known, project, verify


@pytest.fixture(scope="module")
def real() -> dict[str, dict[str, Any]]:
    return {crd["spec"]["names"]["kind"]: crd for crd in crds.definitions()}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, real: dict[str, dict[str, Any]]) -> list[str]:
    """An empty cache, and a module proxy that has the real CRDs; the list says what it was asked for."""
    calls: list[str] = []

    def module(wanted: Project) -> dict[str, dict[str, Any]]:
        calls.append(wanted.name)
        return {kind: real[kind] for kind in wanted.paths}

    monkeypatch.setenv("KAFKA_FLEET_CACHE", str(tmp_path))
    monkeypatch.setattr(obtain, "from_module", module)
    return calls


def test_every_recorded_kind_is_served(real: dict[str, dict[str, Any]]) -> None:
    assert len(real) == 13
    for (group, kind), name in crds.kinds().items():
        spec = real[kind]["spec"]
        assert spec["group"] == group
        assert [version["name"] for version in spec["versions"] if version["served"]]
        assert crds.definition(name, kind) == real[kind]


def test_they_are_obtained_once(asked: list[str], tmp_path: Path) -> None:
    first = crds.folder("prometheus-operator")
    assert first == crds.folder("prometheus-operator") == tmp_path / "crds" / "prometheus-operator-v0.85.0"
    assert asked == ["prometheus-operator"]


@pytest.mark.parametrize("damage", ["PodMonitor.json", "manifest.json"])
def test_a_damaged_cache_is_made_anew(asked: list[str], damage: str) -> None:
    place = crds.folder("prometheus-operator")
    (place / damage).write_text("{}", "utf-8")
    crds.folder("prometheus-operator")
    assert len(asked) == 2
    assert (place / damage).read_text("utf-8") != "{}"


def test_the_repository_is_the_second_source(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, real: dict[str, dict[str, Any]]
) -> None:
    def refused(wanted: Project) -> dict[str, dict[str, Any]]:
        raise CrdsError("`go` is not on PATH")

    monkeypatch.setattr(obtain, "from_module", refused)
    monkeypatch.setattr(obtain, "from_repository", lambda wanted: {kind: real[kind] for kind in wanted.paths})
    place = crds.folder("external-secrets")
    assert json.loads((place / "manifest.json").read_text("utf-8"))["source"] == "repository"


def test_a_crd_that_is_not_the_recorded_one_is_refused(real: dict[str, dict[str, Any]]) -> None:
    changed = {**real, "PodMonitor": {**real["PodMonitor"], "spec": {}}}
    with pytest.raises(CrdsError, match="PodMonitor has sha256"):
        verify(project("prometheus-operator"), changed)
    with pytest.raises(CrdsError, match="PodMonitor is missing"):
        verify(project("prometheus-operator"), {})


def test_an_unknown_project_is_told() -> None:
    with pytest.raises(CrdsError, match="known: prometheus-operator, external-secrets"):
        crds.folder("cert-manager")


def test_nothing_reached_is_a_readable_error(tmp_path: Path) -> None:
    """The command as a person runs it, with no `go` and no network."""
    variables = {"KAFKA_FLEET_CACHE": str(tmp_path), "PATH": "/nowhere", "https_proxy": "http://127.0.0.1:9"}
    command = [sys.executable, "-m", "tools.crds"]
    root = Path(crds.__file__).parents[2]
    done = subprocess.run(command, cwd=root, env=variables, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert done.stderr.startswith(
        "error: the CRDs of prometheus-operator v0.85.0 could not be had: `go` is not on PATH"
    )
    assert "run `python -m tools.crds` where" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_module_proxy_that_refuses_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    class Done:
        stdout = json.dumps({"Error": "403 Forbidden"})
        stderr = ""

    monkeypatch.setattr("tools.crds.sources.subprocess.run", lambda *_args, **_more: Done())
    monkeypatch.setattr("tools.crds.sources.shutil.which", lambda _name: "/usr/bin/go")
    with pytest.raises(CrdsError, match=r"does not give github.com/prometheus-operator/.* v0.85.0: 403 Forbidden"):
        sources.from_module(known()["prometheus-operator"])
