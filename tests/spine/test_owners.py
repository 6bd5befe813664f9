"""What a service's owner allows in clusters' files, who is excepted from it, and until when."""

import shutil
from pathlib import Path

import pytest

from stacks.load import load
from stacks.today import VARIABLE, BadDateError, today

BASE = Path(__file__).parents[1] / "corpus" / "base"
FILE = Path("fleet") / "services" / "kafka.yaml"

LIMITS = """
allowed:
  size.name: { values: [dev, small, medium, large], why: "ask for capacity first" }
  brokers: { least: 3, most: 30 }
  config.log.cleaner.threads: { most: 4 }
"""


def fleet(tmp_path: Path, more: str) -> Path:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    (tmp_path / FILE).write_text((tmp_path / FILE).read_text("utf-8") + more, "utf-8")
    return tmp_path


def cluster(root: Path, line: str) -> Path:
    """Adds a line to the kafka section of `ledger`."""
    path = root / "fleet" / "clusters" / "pay" / "ledger.yaml"
    path.write_text(path.read_text("utf-8").rstrip("\n") + f"\n{line}\n", "utf-8")
    return path


def codes(root: Path) -> list[str]:
    return [problem.code for problem in load(root).errors]


def test_what_is_allowed_is_accepted(tmp_path: Path) -> None:
    root = fleet(tmp_path, LIMITS)
    cluster(root, "    config: { log.cleaner.threads: 4 }")
    assert codes(root) == []


def test_more_than_the_owner_allows_is_refused_at_the_line_of_the_cluster(tmp_path: Path) -> None:
    root = fleet(tmp_path, LIMITS)
    path = cluster(root, "    config: { log.cleaner.threads: 5 }")
    (problem,) = load(root).errors
    assert problem.code == "not-allowed-by-owner"
    assert (problem.file, problem.line) == (
        "fleet/clusters/pay/ledger.yaml",
        len(path.read_text("utf-8").splitlines()),
    )
    assert problem.allowed == "any to 4"
    assert "'kafka-team'" in problem.message


EXCEPTION = """
exceptions:
  - clusters: [led*]
    fields: [config.log.cleaner.threads]
    until: "2027-03-31"
    reason: "compaction is behind, KAFKA-123"
"""


@pytest.mark.parametrize(("day", "expected"), [("2027-03-31", []), ("2027-04-01", ["not-allowed-by-owner"])])
def test_an_exception_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, day: str, expected: list[str]) -> None:
    monkeypatch.setenv(VARIABLE, day)
    root = fleet(tmp_path, LIMITS + EXCEPTION)
    cluster(root, "    config: { log.cleaner.threads: 5 }")
    found = load(root).errors
    assert [p.code for p in found] == expected
    assert all("2027-03-31" in p.message for p in found)


def test_an_exception_is_for_the_clusters_that_it_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "2027-01-01")
    root = fleet(tmp_path, LIMITS + EXCEPTION.replace("led*", "shop-*"))
    cluster(root, "    config: { log.cleaner.threads: 5 }")
    assert codes(root) == ["not-allowed-by-owner"]


@pytest.mark.parametrize("limit", ["disk_gb: { most: 3 }", "size.nme: { values: [dev] }", "version.minor: { most: 3 }"])
def test_a_limit_on_no_field_is_refused(tmp_path: Path, limit: str) -> None:
    root = fleet(tmp_path, f"\nallowed:\n  {limit}\n")
    assert codes(root) == ["unknown-field"]


def test_the_limit_of_a_listener_is_found_under_its_name(tmp_path: Path) -> None:
    root = fleet(tmp_path, "\nallowed:\n  listeners.scram.port: { values: [9094] }\n")
    cluster(root, "    listeners: { scram: { port: 9444 } }")
    assert [p.message for p in load(root).errors if p.file.endswith("ledger.yaml")] == [
        "team 'kafka-team', which owns kafka, does not allow listeners.scram.port 9444"
    ]


def test_a_day_that_is_none_ends_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "soon")
    with pytest.raises(BadDateError, match="'soon', which is no date"):
        today()
