"""What a run of mutations says, as text and as JSON.

Owns      the counts by result, kind and judge, and the list of what passed.
Refuses   a single number: the share of all mutations and the share of those that nobody vouches for stand together.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.contract import Record
from sandbox.diff import dotted
from tools.mutations.court import Verdict
from tools.mutations.judged import Outcome

RESULTS = ("caught", "same", "legal", "open", "crash")
JUDGES = ("sdk", "api", "law", "crd")


@dataclass(frozen=True)
class Report:
    """A run. `defects` are requests of the components themselves that were refused or seen as changed."""

    seed: int
    requests: int
    types: int
    defects: Sequence[tuple[Record, Verdict]]
    outcomes: Sequence[Outcome]

    def results(self) -> Counter[str]:
        """Mutations by result."""
        return Counter(one.result for one in self.outcomes)

    @property
    def share(self) -> float:
        """Caught, of all mutations."""
        return self.results()["caught"] / len(self.outcomes) if self.outcomes else 0.0

    @property
    def share_of_wrong(self) -> float:
        """Caught, of those that are wrong as far as anybody knows: neither the same nor vouched for."""
        wrong = len(self.outcomes) - self.results()["same"] - self.results()["legal"]
        return self.results()["caught"] / wrong if wrong else 0.0

    def by_kind(self) -> dict[str, Counter[str]]:
        """Results by kind of mutation."""
        found: dict[str, Counter[str]] = {}
        for one in self.outcomes:
            found.setdefault(one.mutation.kind, Counter())[one.result] += 1
        return dict(sorted(found.items()))

    def by_judge(self) -> dict[str, tuple[int, int]]:
        """Judge -> mutations that it refuses, and those that nobody else refuses."""
        judges = [{refusal.judge for refusal in one.verdict.refusals} for one in self.outcomes]
        return {name: (sum(name in one for one in judges), sum(one == {name} for one in judges)) for name in JUDGES}

    def by_cloud(self) -> dict[str, Counter[str]]:
        """Results by provider."""
        found: dict[str, Counter[str]] = {}
        for one in self.outcomes:
            found.setdefault(one.mutation.type.partition(":")[0], Counter())[one.result] += 1
        return dict(sorted(found.items()))

    def passed(self) -> list[Outcome]:
        """What was not caught, the doubtful first."""
        order = {result: index for index, result in enumerate(("crash", "open", "legal", "same"))}
        found = [one for one in self.outcomes if one.result != "caught"]
        return sorted(found, key=lambda one: (order[one.result], one.mutation.type, one.mutation.kind))


def _row(name: str, counts: Counter[str]) -> str:
    total = sum(counts.values())
    cells = "".join(f"{counts[result]:>8}" for result in RESULTS)
    return f"  {name:<32}{total:>6}{cells}{100 * counts['caught'] / total:>8.0f}%"


def _line(one: Outcome) -> str:
    edit = one.mutation.edits[0]
    value = json.dumps(edit.value) if edit.what in ("set", "rename") else edit.what
    value = value if len(value) <= 60 else value[:57] + "..."
    return f"  {one.result:<6} {one.mutation.kind:<28} {one.mutation.type} {dotted(edit.path)} = {value}  ({one.why})"


def text(report: Report) -> str:
    """For a terminal."""
    results = report.results()
    lines = [
        f"{report.requests} requests of {report.types} types;"
        f" unmutated, {len(report.defects)} of them are refused or seen as changed",
        *(f"  DEFECT {record.urn}: {_why(verdict)}" for record, verdict in report.defects),
        f"{len(report.outcomes)} mutations, seed {report.seed}: {results['caught']} caught ({report.share:.1%});"
        f" of the {len(report.outcomes) - results['same'] - results['legal']} that no published model vouches for:"
        f" {report.share_of_wrong:.1%}",
        "",
        f"  {'by kind':<32}{'drawn':>6}" + "".join(f"{result:>8}" for result in RESULTS) + f"{'share':>9}",
        *(_row(name, counts) for name, counts in report.by_kind().items()),
        "",
        "  by cloud",
        *(_row(name, counts) for name, counts in report.by_cloud().items()),
        "",
        "  by judge: refuses, alone",
        *(f"  {name:<6}{refuses:>6}{alone:>6}" for name, (refuses, alone) in report.by_judge().items()),
        "",
        "not caught (same: the vendor's normal form is unchanged; legal: a published model allows it; open: neither):",
        *(_line(one) for one in report.passed()),
    ]
    return "\n".join(lines) + "\n"


def _why(verdict: Verdict) -> str:
    return verdict.crash or "; ".join(one.message for one in verdict.refusals) or "its normal form is not itself"


def as_json(report: Report) -> str:
    """For a program."""
    body: dict[str, Any] = {
        "seed": report.seed,
        "requests": report.requests,
        "types": report.types,
        "mutations": len(report.outcomes),
        "defects": [{"urn": record.urn, "why": _why(verdict)} for record, verdict in report.defects],
        "results": dict(sorted(report.results().items())),
        "share_caught": round(report.share, 4),
        "share_caught_of_wrong": round(report.share_of_wrong, 4),
        "by_kind": {name: dict(sorted(counts.items())) for name, counts in report.by_kind().items()},
        "by_cloud": {name: dict(sorted(counts.items())) for name, counts in report.by_cloud().items()},
        "by_judge": {name: {"refuses": all_, "alone": alone} for name, (all_, alone) in report.by_judge().items()},
        "not_caught": _told(report.passed()),
    }
    return json.dumps(body, indent=2) + "\n"


def _told(passed: Iterable[Outcome]) -> list[dict[str, Any]]:
    return [
        {
            "result": one.result,
            "kind": one.mutation.kind,
            "type": one.mutation.type,
            "urn": one.mutation.urn,
            "path": dotted(one.mutation.path),
            "edits": [
                {"what": edit.what, "path": dotted(edit.path), "value": edit.value} for edit in one.mutation.edits
            ],
            "why": one.why,
        }
        for one in passed
    ]
