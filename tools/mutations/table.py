"""Every resource type that the components create, with who judges it and what nothing judges yet.

Owns      the Markdown table, from the same data as `fleet sandbox status` and the coverage of the API models.
Refuses   types that are modelled and never created: it is about what the components really ask for.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from sandbox.api.coverage import coverage
from sandbox.contract import Record
from sandbox.models import clouds
from sandbox.sdk.types import tokens
from sandbox.view import JudgedBy, judged_by
from tools.mutations.edit import walk
from tools.mutations.places import place


def judged(records: Iterable[Record]) -> list[tuple[JudgedBy, int, str, list[str]]]:
    """A type's judges, how many of it there are, its CRD or built-in schema, and the places that only types judge."""
    by_type: dict[str, list[Record]] = {}
    for record in records:
        by_type.setdefault(record.type, []).append(record)
    found = []
    for token, of_type in sorted(by_type.items()):
        cloud = clouds()[token.partition(":")[0]]
        model = cloud.find(token, of_type[0].inputs)
        line = judged_by(token, model, sdk=token in tokens(cloud.sdk))
        found.append((line, len(of_type), _schema(token), _nothing(line, of_type)))
    return found


def _schema(token: str) -> str:
    if not token.startswith("kubernetes:") or token.startswith("kubernetes:helm.sh"):
        return ""
    return "Strimzi's CRD" if ".strimzi.io/" in token else "built-in schema"


def _nothing(line: JudgedBy, records: Sequence[Record]) -> list[str]:
    """Places in use of which neither an API model nor a schema says anything: SDK types and laws are all there is."""
    cloud = clouds()[line.type.partition(":")[0]]
    model = cloud.find(line.type, {})
    elsewhere = set(coverage(cloud.sdk, model).elsewhere) if model is not None and model.api else set()
    found: Counter[str] = Counter()
    for record in records[:4] if line.type.endswith("CustomResourceDefinition") else records:
        for path, value in walk(record.inputs):
            text = ".".join("[]" if isinstance(part, int) else str(part) for part in path).replace(".[]", "[]")
            if isinstance(value, dict | list) or any(text == one or text.startswith(f"{one}.") for one in found):
                continue
            known = place(record, record.inputs, path)
            if not known.known and not known.free:
                found[text + (" (mapped to no API member)" if text in elsewhere else "")] += 1
    return sorted({text.removesuffix(" (mapped to no API member)") for text in found})


def markdown(records: Sequence[Record]) -> str:
    """The table."""
    lines = [
        "| resource type | made | SDK types | API model | CRD or schema | laws | immutable |"
        " judged by SDK types and laws alone |",
        "| --- | ---: | --- | --- | --- | ---: | ---: | --- |",
    ]
    for line, count, schema, nothing in judged(records):
        sdk = "yes" if line.sdk else "no class"
        cells = (line.type, count, sdk, line.api or "–", schema or "–", line.laws, line.immutable)
        lines.append(f"| {' | '.join(map(str, cells))} | {', '.join(nothing) or '–'} |")
    return "\n".join(lines) + "\n"
