"""One upgrade at a time: Kubernetes, then the operator, then Kafka, then the metadata format.

Owns      changes that take two of these steps for one cell or cluster.
Refuses   single steps (`components/cell/upgrades.py`, `components/services/kafka/changes.py`), where two steps within
          one file are told too.
Source    Strimzi's upgrade sequence (strimzi.io, "Deploying and Managing").
"""

from collections.abc import Iterable

from stacks.check.changes.review import Review
from stacks.check.told import told
from stacks.problem import Problem


def problems(review: Review) -> Iterable[Problem]:
    """Clusters whose Kafka changes its version together with what they stand on."""
    steps: dict[str, str] = {}
    for name, (old, new) in review.cells.items():
        for what, was, will in (
            ("Kubernetes", old.spec.kubernetes.version, new.spec.kubernetes.version),
            ("Strimzi", old.spec.strimzi.version, new.spec.strimzi.version),
        ):
            if was != will:
                steps.setdefault(name, f"{what} {was} -> {will}")
    for before, after in review.clusters.values():
        if after.cell not in steps or "kafka" not in before.services or "kafka" not in after.services:
            continue
        for field in ("version", "metadata_version"):
            had, has = (str(getattr(each.services["kafka"], field) or "") for each in (before, after))
            if had != has:
                yield told(
                    after.resolved,
                    ("services", "kafka", field),
                    "two-upgrades",
                    f"{field} '{had}' -> '{has}' of a cluster on '{after.cell}', and {steps[after.cell]} of it, in "
                    "one change",
                    had,
                    "Kubernetes, operator, Kafka, metadata: one a change, each applied and looked at before the next",
                )
                break
