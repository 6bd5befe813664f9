"""Where the engine comes from, told with programs that only say a version."""

from pathlib import Path

import pytest

from tools.cached import cache
from tools.engine import EngineError, obtain
from tools.engine.find import VERSION, fault


def cli(path: Path, says: str, code: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {says}\nexit {code}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with an empty cache, and a PATH with nothing but a shell."""
    monkeypatch.setenv("KAFKA_FLEET_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/bin:/usr/bin")
    monkeypatch.setattr(obtain, "_install", lambda _path, _tell: "Pulumi's installer: no network")
    return tmp_path


@pytest.mark.parametrize(
    ("says", "code", "why"),
    [
        ("v3.250.0", 0, ""),
        ("3.999.1-alpha.5", 0, ""),
        ("v3.249.9", 0, "is needed"),
        ("v4.0.0", 0, "is needed"),
        ("hello", 0, "said 'hello'"),
        ("v3.260.0", 1, "ended with code 1"),
    ],
)
def test_a_cli_must_be_new_enough_and_work(tmp_path: Path, says: str, code: int, why: str) -> None:
    found = fault(cli(tmp_path / "pulumi", says, code))
    assert (why in found) if why else not found


def test_a_cli_that_does_not_start_is_told(tmp_path: Path) -> None:
    assert "does not start" in fault(tmp_path / "nothing")


def test_one_on_path_is_taken_before_all_else(machine: Path) -> None:
    on_path = cli(machine / "bin" / "pulumi", "v3.251.0")
    cli(cache() / "bin" / f"pulumi-v{VERSION}", f"v{VERSION}")
    assert obtain.engine() == on_path


def test_an_old_one_on_path_gives_way_to_the_cache(machine: Path) -> None:
    cli(machine / "bin" / "pulumi", "v3.100.0")
    cached = cli(cache() / "bin" / f"pulumi-v{VERSION}", f"v{VERSION}")
    assert obtain.engine() == cached


def test_a_cut_off_cached_one_is_built_anew(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cached = cache() / "bin" / f"pulumi-v{VERSION}"
    cached.parent.mkdir(parents=True)
    cached.write_bytes(b"\x7fELF cut off")

    def build(path: Path, _tell: obtain.Tell) -> str:
        cli(path, f"v{VERSION}")
        return ""

    monkeypatch.setattr(obtain, "_build", build)
    assert obtain.engine() == cached
    assert not fault(cached)


def test_every_way_that_failed_is_told(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cli(machine / "bin" / "pulumi", "v3.100.0")
    monkeypatch.setattr("shutil.which", lambda name: str(machine / "bin" / name) if name == "pulumi" else None)
    with pytest.raises(EngineError) as caught:
        obtain.engine()
    told = str(caught.value)
    for part in ("v3.100.0", "no network", "no `go` on PATH", f"install {VERSION} or later"):
        assert part in told


def test_a_failed_build_leaves_nothing_behind(machine: Path) -> None:
    go = machine / "bin" / "go"
    go.parent.mkdir(exist_ok=True)
    go.write_text("#!/bin/sh\necho 'dial tcp: no route' >&2\nexit 1\n")
    go.chmod(0o755)
    with pytest.raises(EngineError, match="no route"):
        obtain.engine()
    assert [path.name for path in (cache() / "bin").iterdir()] == []
