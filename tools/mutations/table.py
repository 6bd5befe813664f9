"""Every resource type that the components create, with who judges it and what nothing judges yet.

Owns      the Markdown table: the lines are those of `fleet sandbox status`; places that no model knows are tried out.
Refuses   types that are modelled and never created: it is about what the components really ask for.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.contract import Record
from sandbox.models import clouds
from sandbox.sdk.types import ANY, tokens
from sandbox.view import JudgedBy, judged_by
from tools.mutations.court import Court
from tools.mutations.edit import Edit, Mutation, Path, apply, walk
from tools.mutations.places import place


@dataclass(frozen=True)
class Line:
    """One type. `laws_alone` are places that only laws judge besides types, `nothing` those that not even a law does.

    A place is one where no API model, CRD or built-in schema has a member; it counts as judged by a law where one of
    a few absurd values (`-1`, `§`) is refused there.
    """

    judges: JudgedBy
    made: int
    schema: str
    laws_alone: Sequence[str]
    nothing: Sequence[str]


def lines(court: Court) -> list[Line]:
    """A line a type."""
    by_type: dict[str, list[Record]] = {}
    for record in court.records:
        by_type.setdefault(record.type, []).append(record)
    return [_line(court, token, by_type[token]) for token in sorted(by_type)]


def _line(court: Court, token: str, records: Sequence[Record]) -> Line:
    cloud = clouds()[token.partition(":")[0]]
    judges = judged_by(token, cloud.find(token, records[0].inputs), sdk=token in tokens(cloud.sdk))
    laws: set[str] = set()
    nothing: set[str] = set()
    # The CRDs are one resource ten times over: two of them say what the others do.
    for record in records[:2] if token.endswith(":CustomResourceDefinition") else records:
        for path, value in _unmodelled(record):
            generic = _generic(path)
            if generic not in laws:
                (laws if _refused(court, record, path, value) else nothing).add(generic)
    return Line(judges, len(records), _schema(token), sorted(laws), sorted(nothing - laws))


def _unmodelled(record: Record) -> Iterator[tuple[Path, Any]]:
    """Scalars in places that only the SDK's types know; of a map that takes anything, the map."""
    for path, value in walk(record.inputs):
        known = place(record, record.inputs, path)
        if not known.known and not isinstance(value, dict | list) and (not known.free or known.sdk == ANY):
            yield path, value


def _generic(path: Path) -> str:
    if path[0] == "values":
        return "values"  # a chart's own: the sandbox has no charts
    if "openAPIV3Schema" in path:
        path = path[: path.index("openAPIV3Schema") + 1]  # places inside a schema are as many as the schema has
    return ".".join("[]" if isinstance(part, int) else str(part) for part in path).replace(".[]", "[]")


def _refused(court: Court, record: Record, path: Path, value: Any) -> bool:
    """Whether anybody but the SDK's types refuses an absurd value of the right type, or that it is left out."""
    absurd = [] if isinstance(value, bool) else [-1, 10**9] if isinstance(value, int | float) else ["§", "none"]
    edits = [Edit("set", path, one) for one in absurd]
    if isinstance(path[-1], str):
        edits.append(Edit("drop", path))
    for edit in edits:
        inputs = apply(record.inputs, Mutation("absurd", record.urn, record.type, (edit,)))
        if any(one.judge != "sdk" for one in court.judge(record, inputs).refusals):
            return True
    return False


def _schema(token: str) -> str:
    if not token.startswith("kubernetes:") or token.startswith("kubernetes:helm.sh"):
        return ""
    return "Strimzi's CRD" if ".strimzi.io/" in token else "built-in schema"


def markdown(court: Court) -> str:
    """The table."""
    header = ("resource type", "made", "SDK types", "API model", "CRD or schema", "laws", "immutable")
    rows: list[tuple[str, ...]] = [
        (*header, "judged by laws alone", "judged by nothing but types"),
        ("---", "---:", "---", "---", "---", "---:", "---:", "---", "---"),
    ]
    for line in lines(court):
        judges = line.judges
        sdk, api, schema = "yes" if judges.sdk else "no class", judges.api or "–", line.schema or "–"
        cells = (judges.type, line.made, sdk, api, schema, judges.laws, judges.immutable)
        rows.append((*map(str, cells), _listed(line.laws_alone), _listed(line.nothing)))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _listed(places: Iterable[str]) -> str:
    return ", ".join(places) or "–"
