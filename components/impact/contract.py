"""The words in which a change is told, and the types by which its impact is judged.

Owns      the classes of impact in their order, and the shape of one effect.
Refuses   positions in files: the spine knows which value of which file caused a change of an object.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from components.services.contract import Manifest

Path = tuple[str | int, ...]

NONE = "none"
DYNAMIC = "dynamic"
MOVES_DATA = "moves data"
REPLACES = "replaces"
IRREVERSIBLE = "irreversible"
DELETES = "deletes"


def rolls(what: str) -> str:
    """Pods of `what` restart one after the other: `brokers`, `controllers`, or a service such as `connect`."""
    return f"rolls {what}"


ROLLS_CONTROLLERS = rolls("controllers")
ROLLS_BROKERS = rolls("brokers")
PATTERN = r"^(none|dynamic|rolls [a-z][a-z0-9 -]*|moves data|replaces|irreversible|deletes)$"


def severity(impact: str) -> int:
    """How much a change asks of those who read it; the worst of a stack's effects is the stack's."""
    order = (NONE, DYNAMIC, "rolls", ROLLS_BROKERS, ROLLS_CONTROLLERS, MOVES_DATA, REPLACES, IRREVERSIBLE, DELETES)
    word = impact if impact in order else impact.partition(" ")[0]
    return order.index(word)


MISSING: Any = type("Missing", (), {"__repr__": lambda _self: "missing"})()
"""In place of the value of a property that one side does not have."""


@dataclass(frozen=True)
class ObjectChange:
    """One property of one Kubernetes object that differs; the whole object where `path` is empty.

    kind, name  of the object; `role` is its manifest's
    old, new    the values, MISSING where there is none on that side
    """

    kind: str
    name: str
    role: str
    path: Path
    old: Any
    new: Any

    @property
    def dotted(self) -> str:
        """The path for people; keys with dots in brackets."""
        return ".".join(f"[{part}]" if "." in str(part) else str(part) for part in self.path)


@dataclass(frozen=True)
class Estimate:
    """How long something takes, in seconds, and how that was computed, for people (`6 brokers × 180 s`)."""

    seconds: float = 0.0
    formula: str = ""


@dataclass(frozen=True)
class Effect:
    """What one change of an object (or of a cell's field) does.

    reason  one sentence: what happens and why, with the number of pods
    nodes   names of the pods that restart, move or end, as Kubernetes has them
    source  where the rule is from: a document, a source file, an issue
    """

    impact: str
    reason: str
    change: ObjectChange
    nodes: tuple[str, ...] = ()
    estimate: Estimate = Estimate()
    source: str = ""


@dataclass(frozen=True)
class Context:
    """What a judge may know beside the change itself.

    service    the stack's service key; `app` for an app, `cell` for a cell's platform objects
    cluster    name of the Kafka cluster; empty for a cell
    before, after  all objects of the stack, by (kind, name)
    kafka_version  of the cluster before the change, e.g. `4.3.1`; empty where there is none
    broker_config  of the cluster before the change, for what stands in a topic that says nothing; None where unknown
    """

    service: str
    cluster: str
    before: Mapping[tuple[str, str], Manifest] = field(default_factory=dict)
    after: Mapping[tuple[str, str], Manifest] = field(default_factory=dict)
    kafka_version: str = ""
    broker_config: Mapping[str, Any] | None = None


def objects(manifests: Sequence[Manifest]) -> dict[tuple[str, str], Manifest]:
    """Manifests by kind and name."""
    return {(str(one.body["kind"]), str(one.body["metadata"]["name"])): one for one in manifests}
