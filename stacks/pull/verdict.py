"""What a change comes to, in one word and one sentence.

Owns      the counts of a report and the line that stands at its top.
Refuses   mercy: one refusal, one mandatory policy or one preview that failed is a refusal.
"""

from collections import Counter
from collections.abc import Sequence

from components.impact.contract import DELETES, IRREVERSIBLE, MOVES_DATA, REPLACES, severity
from stacks.plan.document import Plan
from stacks.pull.document import Counts, Verdict, Word
from stacks.pull.rows import Row
from stacks.tell.counting import SIGNS

MANDATORY = "mandatory"


def verdict(plan: Plan | None, rows: Sequence[Row]) -> Verdict:
    """Of all rows; never of those alone that a report has room for."""
    counts = _counts(plan, rows)
    word = _word(counts, rows)
    return Verdict(word=word, sentence=_SENTENCES[word](counts), counts=counts)


def many(number: int, noun: str, plural: str = "") -> str:
    """`1 stack`, `5,000 stacks`."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def _counts(plan: Plan | None, rows: Sequence[Row]) -> Counts:
    refusals = Counter(one.severity for one in (plan.refusals if plan else ()))
    policies = [one for row in rows if row.seen for one in row.seen.policies]
    mandatory = sum(one.level == MANDATORY for one in policies)
    operations: Counter[str] = sum((row.operations for row in rows), Counter())
    impacts = Counter(row.impact for row in rows)
    return Counts(
        stacks=len(rows),
        impacts={name: impacts[name] for name in sorted(impacts, key=lambda name: (-severity(name), name))},
        actions=dict(sorted(Counter(row.planned.action for row in rows if row.planned).items())),
        resources={name: operations[name] for name in SIGNS if operations[name]},
        refusals=refusals["error"],
        warnings=refusals["warning"],
        mandatory=mandatory,
        advisory=len(policies) - mandatory,
        unsuccessful=sum(row.unsuccessful for row in rows),
    )


def _word(counts: Counts, rows: Sequence[Row]) -> Word:
    if counts.refusals or counts.mandatory or counts.unsuccessful:
        return "refused"
    if any(row.grave for row in rows):
        return "careful"
    return "calm" if rows else "nothing"


def _refused(counts: Counts) -> str:
    parts = [many(counts.refusals, "refusal")] if counts.refusals else []
    parts += [many(counts.mandatory, "violation") + " of mandatory policies"] if counts.mandatory else []
    parts += [many(counts.unsuccessful, "stack") + " without success"] if counts.unsuccessful else []
    return f"Refused: {listed(parts)}"


def _careful(counts: Counts) -> str:
    told = {DELETES: "delete", REPLACES: "replace or lift protection", IRREVERSIBLE: "cannot be undone"}
    told[MOVES_DATA] = "move data"
    parts = [f"{many(counts.impacts[name], 'stack')} {words}" for name, words in told.items() if name in counts.impacts]
    restarts = sum(number for name, number in counts.impacts.items() if name.startswith("rolls"))
    parts += [f"pods of {many(restarts, 'stack')} restart"] if restarts else []
    return f"Look closely: {listed(parts)}"


def _calm(counts: Counts) -> str:
    return f"{many(counts.stacks, 'stack')} {'changes' if counts.stacks == 1 else 'change'}: nothing restarts or goes"


def _nothing(_counts: Counts) -> str:
    return "No stack is affected"


_SENTENCES = {"refused": _refused, "careful": _careful, "calm": _calm, "nothing": _nothing}


def listed(parts: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
