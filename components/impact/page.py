"""`python -m components.impact.page`: prints docs/impact.md, made from the rules themselves.

Owns      the page's text and its tables.
Refuses   rules.
"""

import importlib
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from components import catalog
from components.cell import impact as cell
from components.cell import impact_rule
from components.cell.impact_rule import FieldRule
from components.impact import durations, losses, whole
from components.impact.broker_config import PER_LISTENER, THREADS
from components.impact.controller_keys import RELEVANT
from components.impact.kinds import kafka, kubernetes, node_pool, user, workers, workload
from components.impact.rule import Rule

TEXT = Path(__file__).with_suffix(".txt")


def main() -> None:
    """Write the page."""
    sys.stdout.write(page())


def page() -> str:
    """The page as Markdown."""
    return "".join(_parts())


def _parts() -> Iterator[str]:
    yield TEXT.read_text("utf-8").format(
        relevant=len(RELEVANT),
        threads=_listed(THREADS),
        per_listener=_listed(("ssl.key.password", "ssl.keystore.*", "ssl.truststore.*")),
        bounds=_listed(losses.BROKER),
        topic_bounds=_listed(losses.TOPIC),
    )
    assert all(key.startswith(("ssl.key.", "ssl.keystore.", "ssl.truststore.")) for key in PER_LISTENER)  # noqa: S101
    kinds: Mapping[str, Sequence[Rule]] = {
        "Kafka": kafka.RULES,
        "KafkaNodePool": node_pool.RULES,
        "KafkaUser": user.RULES,
        "KafkaConnect": workers.CONNECT,
        "KafkaMirrorMaker2": workers.MIRROR,
        "KafkaBridge": workers.BRIDGE,
        "KafkaConnector": workers.CONNECTOR,
        **workload.RULES,
    }
    every = (*kinds.values(), *kubernetes.RULES.values())
    sources = list(dict.fromkeys(rule.source for rules in every for rule in rules))
    for kind, rules in kinds.items():
        yield f"### {kind}\n\n" + _table(("property", "does", "why", "source"), _rules(rules, sources))
    yield "### Other kinds\n\n"
    yield _table(
        ("kind", "property", "does", "why", "source"),
        ((", ".join(names), *row) for names, rules in _alike(kubernetes.RULES) for row in _rules(rules, sources)),
    )
    yield "Sources: " + "; ".join(f"[{number}] {source}" for number, source in enumerate(sources, 1)) + ".\n\n"
    yield "### Objects that come or go\n\nNew objects are `dynamic`, but a pool of controllers (`irreversible`).\n\n"
    yield _table(("kind", "removed", "why", "source"), whole.told())
    yield "## Cells\n\nBy field of the file. A cloud's own rules come first.\n\n"
    yield _fields(cell.RULES)
    for name, entry in catalog.clouds().items():
        own: Sequence[FieldRule] = importlib.import_module(entry.impact.partition(":")[0]).RULES if entry.impact else ()
        if own:
            yield f"### {name}\n\n" + _fields(own)
    yield "## How long it takes\n\n"
    yield (
        "Restarts: pods × seconds each, one after the other; each pod once, whoever asks for it. Data: GiB of disk × "
        "share that holds data × share that moves ÷ rate of each broker that takes part. A stack: its restarts and its "
        "data in turn; what needs neither happens meanwhile.\n\n"
    )
    for table in (durations.table(), impact_rule.table()):
        rows = [*table["seconds"].items(), *table.get("rates", {}).items()]
        yield f"Figures of {table['date']}:\n\n" if "date" in table else ""
        yield _table(
            ("what", "value", "assumption", "source"),
            ((what, f"{row['value']:g}", row.get("assumption", ""), row["source"]) for what, row in rows),
        )


def _alike(kinds: Mapping[str, Sequence[Rule]]) -> Iterator[tuple[list[str], Sequence[Rule]]]:
    """Kinds with the same rules, together."""
    groups: dict[tuple[Rule, ...], list[str]] = {}
    for kind, rules in kinds.items():
        groups.setdefault(tuple(rules), []).append(kind)
    yield from ((names, rules) for rules, names in groups.items())


def _rules(rules: Sequence[Rule], sources: Sequence[str]) -> Iterator[tuple[str, str, str, str]]:
    """One row for each thing that happens: the properties that do it stand together."""
    rows: dict[tuple[str, str, str], list[str]] = {}
    for rule in rules:
        place = f"[{sources.index(rule.source) + 1}]"
        rows.setdefault((", ".join(rule.does), rule.why, place), []).append(rule.path)
    for (does, why, place), paths in rows.items():
        yield ", ".join(map(_path, paths)), does, why, place


def _fields(rules: Iterable[FieldRule]) -> str:
    rows = ((f"`{rule.path}`", rule.impact, rule.why, rule.source) for rule in rules)
    return _table(("field", "does", "why", "source"), rows)


def _path(path: str) -> str:
    return f"`{path}`" if path else "anything else"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n"


if __name__ == "__main__":
    main()
