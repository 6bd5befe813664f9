"""What became of each mutation, and why some of those that passed may pass.

Owns      the three ways to pass: `same` (the vendor's normal form is unchanged), `legal` (a published model has the
          place and allows what stands there now), `open` (nobody vouches for it: each is a hole, or cannot be told).
Refuses   the benefit of the doubt: a place that only the SDK's loose types know is `open`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.contract import Record
from tools.mutations.court import Court, Verdict
from tools.mutations.edit import Edit, Mutation, apply
from tools.mutations.places import Place, place

_FREE_TEXT = frozenset({"tags", "labels", "annotations", "resourceLabels", "description", "displayName", "nodeLabels"})
_FREE_KEY = "the keys of this map are the user's own"


@dataclass(frozen=True)
class Outcome:
    """`result` is `caught`, `same`, `legal`, `open` or `crash`; `why` says how that is known."""

    mutation: Mutation
    verdict: Verdict
    result: str
    why: str


def outcomes(court: Court, mutations: Iterable[Mutation]) -> list[Outcome]:
    """Judge mutations."""
    by_urn = {(record.urn, record.type): record for record in court.records}
    return [_outcome(court, by_urn[one.urn, one.type], one) for one in mutations]


def _outcome(court: Court, record: Record, mutation: Mutation) -> Outcome:
    verdict = court.judge(record, apply(record.inputs, mutation))
    if verdict.crash:
        return Outcome(mutation, verdict, "crash", verdict.crash)
    if verdict.refusals:
        return Outcome(mutation, verdict, "caught", verdict.refusals[0].message)
    if verdict.same:
        return Outcome(mutation, verdict, "same", "the vendor's normal form of it is what exists")
    whys = [_legal(record, mutation, edit) for edit in mutation.edits]
    if all(whys):
        return Outcome(mutation, verdict, "legal", whys[0])
    return Outcome(mutation, verdict, "open", "no published model vouches for it")


def _legal(record: Record, mutation: Mutation, edit: Edit) -> str:
    """Why a published model allows an edit; empty where none does."""
    after = apply(record.inputs, mutation)
    if edit.what == "drop":
        return _droppable(place(record, record.inputs, edit.path), edit)
    if edit.what == "rename":
        return _FREE_KEY if place(record, after, (*edit.path[:-1], edit.value)).free else ""
    if edit.what == "insert":
        repeats = place(record, after, edit.path[:-1]).repeats and edit.value is not None
        return "a list of this schema may hold an item twice" if repeats else ""
    return _settable(place(record, record.inputs, edit.path), place(record, after, edit.path), edit)


def _droppable(before: Place, edit: Edit) -> str:
    if before.free:
        return _FREE_KEY
    if edit.path[-1] in _FREE_TEXT and not before.required:
        return "nobody must give tags or a description"
    return "every model says that it is optional" if before.known and not before.required else ""


def _settable(before: Place, after: Place, edit: Edit) -> str:
    if after.free and not before.known and not before.free:
        return _FREE_KEY
    if _FREE_TEXT.intersection(str(part) for part in edit.path) and isinstance(edit.value, str):
        return "free text"
    return "inside what the model allows here" if after.bounded else ""
