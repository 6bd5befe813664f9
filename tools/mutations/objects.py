"""`python -m tools.mutations.objects`: mutated Kubernetes objects before a real API server and before our own checks.

Owns      the comparison, side by side: whatever the API server refuses and we let through is a defect of ours.
Refuses   to hide where we are stricter: Strimzi's laws, and what the sandbox asks beyond the API, are counted apart.
"""
# ruff: noqa: T201 - a command line, beside the package's own

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.clouds.kubernetes.laws import INITIAL
from sandbox.clouds.kubernetes.validate import Crds, validate
from sandbox.clouds.kubernetes.wire import at
from sandbox.contract import UNKNOWN
from sandbox.diff import dotted
from tools.mutations.api_servers import ApiServers, api_servers
from tools.mutations.draw import draw
from tools.mutations.edit import Mutation, apply
from tools.mutations.object_kinds import KINDS
from tools.mutations.rendered import Object, objects

RESULTS = ("both refuse", "only ours", "both accept", "only the API server")


@dataclass(frozen=True)
class Compared:
    """One mutation, with what each side says; empty is yes."""

    mutation: Mutation
    api: str
    ours: str

    @property
    def result(self) -> str:
        """Who refuses."""
        if self.api:
            return "both refuse" if self.ours else "only the API server"
        return "only ours" if self.ours else "both accept"


class Checks:
    """Our side: the judge of objects, and the law that the namespace exists."""

    def __init__(self, bodies: Sequence[Mapping[str, Any]]) -> None:
        self._crds = Crds([body for body in bodies if body["kind"] == "CustomResourceDefinition"])
        self._namespaces = {body["metadata"]["name"] for body in bodies if body["kind"] == "Namespace"} | INITIAL

    def said(self, body: Mapping[str, Any]) -> str:
        """What we have against an object; a failure of ours is told as one."""
        try:
            found = validate(_known(body), self._crds)
        except Exception as error:  # noqa: BLE001 - a failure of the judge is what a mutation may find
            return f"CRASH {type(error).__name__}: {error}"
        namespace = at(body, "metadata", "namespace")
        told = [f"[{one.judge}] {one.message}" for one in found]
        if isinstance(namespace, str) and namespace and namespace not in self._namespaces:
            told.append(f'[law] namespaces "{namespace}" not found')
        return "; ".join(told)


def _known(value: Any) -> Any:
    """A rendered value that only an apply will know (`<disk key of cell x>`) is unknown to our checks too."""
    if isinstance(value, Mapping):
        return {key: _known(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_known(item) for item in value]
    return UNKNOWN if isinstance(value, str) and value.startswith("<") and value.endswith(">") else value


def compare(found: Sequence[Object], servers: ApiServers, seed: int, count: int) -> list[Compared]:
    """Draw mutations of the objects and ask both sides."""
    records = [one.record() for one in found]
    by_origin = {one.origin: one.body for one in found}
    checks = Checks([one.body for one in found])
    compared = []
    for mutation in draw(records, seed, count, KINDS):
        original = by_origin[mutation.urn]
        # The engine sends a resource with its type: the sandbox fills in kind and version where the body has none.
        body = {"apiVersion": original["apiVersion"], "kind": original["kind"], **apply(original, mutation)}
        compared.append(Compared(mutation, servers.tried(original, body), checks.said(body)))
    return compared


def unmutated(found: Sequence[Object], servers: ApiServers) -> list[tuple[Object, str, str]]:
    """Objects that either side refuses as they are rendered."""
    checks = Checks([one.body for one in found])
    asked = ((one, servers.tried(one.body, one.body), checks.said(one.body)) for one in found)
    return [(one, api, ours) for one, api, ours in asked if api or ours]


def table(compared: Sequence[Compared]) -> str:
    """Side by side, as Markdown, the defects first."""
    order = {result: index for index, result in enumerate(reversed(RESULTS))}
    lines = ["| mutation | of | at | API server | our checks |", "| --- | --- | --- | --- | --- |"]
    for one in sorted(compared, key=lambda each: (order[each.result], each.mutation.kind, each.mutation.urn)):
        mutation = one.mutation
        value = "" if mutation.edits[0].what == "drop" else f" = {_short(repr(mutation.edits[0].value), 40)}"
        of = mutation.type.rpartition(":")[2]
        cells = (mutation.kind, of, f"{mutation.edits[0].what} {dotted(mutation.path)}{value}")
        lines.append(
            "| " + " | ".join(map(_cell, (*cells, _short(one.api) or "yes", _short(one.ours) or "yes"))) + " |"
        )
    return "\n".join(lines) + "\n"


def _short(text: str, most: int = 160) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def counts(compared: Sequence[Compared]) -> Counter[str]:
    """Mutations by who refuses them."""
    return Counter(one.result for one in compared)


def main() -> int:
    """Run; 1 where the API server refuses what we let through, or a rendered object as it is."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutations.objects", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds, one after the other")
    parser.add_argument("--count", type=int, default=200, help="how many mutations a seed")
    parser.add_argument("--table", action="store_true", help="print every mutation side by side, as Markdown")
    arguments = parser.parse_args()
    found = objects()
    defects = 0
    with tempfile.TemporaryDirectory() as folder, api_servers(Path(folder), [one.body for one in found]) as servers:
        refused = unmutated(found, servers)
        kinds = Counter(str(one.body["kind"]) for one in found)
        print(f"{len(found)} objects of {len(kinds)} kinds, {len(refused)} refused as they are rendered")
        for one, api, ours in refused:
            print(f"  {one.origin}: API server: {api or 'yes'}; ours: {ours or 'yes'}")
        for seed in range(arguments.seed, arguments.seed + arguments.seeds):
            compared = compare(found, servers, seed, arguments.count)
            told = counts(compared)
            print(f"seed {seed}: " + ", ".join(f"{result} {told[result]}" for result in RESULTS))
            shown = compared if arguments.table else [one for one in compared if _defect(one)]
            if shown:
                print("\n" + table(shown))
            defects += sum(_defect(one) for one in compared)
    return 1 if defects or refused else 0


def _defect(one: Compared) -> bool:
    return one.result == "only the API server" or one.ours.startswith("CRASH")


if __name__ == "__main__":
    sys.exit(main())
