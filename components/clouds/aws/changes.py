"""What a change of a cell on AWS may not do.

Owns      node types of another architecture, support that EKS does not take back, and add-ons that go back.
Refuses   any SDK, and what no cloud allows (`components/cell/changes.py`).
Sources   Amazon EKS User Guide: "Update a managed node group" (the AMI type is fixed when a group is made), "Amazon EKS
          add-ons" (an add-on may be taken back, and its custom resources may not).
"""

import re
from collections.abc import Iterator

from components.cell.spec import CellBody
from components.clouds.machines import machines
from components.finding import Finding


def changes(before: CellBody, after: CellBody, production: bool) -> Iterator[Finding]:
    """Every law of old and new that the change breaks. Paths are from the root of the cell."""
    catalogue = machines("aws")
    old, new = before.kubernetes.kafka_nodes.machine, after.kubernetes.kafka_nodes.machine
    if old in catalogue and new in catalogue and catalogue[old].architecture != catalogue[new].architecture:
        yield Finding(
            "kafka-nodes-replaced",
            ("kubernetes", "kafka_nodes", "machine"),
            f"machine '{old}' ({catalogue[old].architecture}) -> '{new}' ({catalogue[new].architecture}): EKS makes "
            "new node groups beside the old ones, and images must exist for both",
            severity="warning",
        )
    yield from _hub(before, after, production)
    was, will = before.section().addon_versions, after.section().addon_versions
    for name in type(was).model_fields:
        earlier, later = getattr(was, name), getattr(will, name)
        if earlier and later and _order(later) < _order(earlier):
            yield Finding(
                "addon-downgrade",
                ("aws", "addon_versions", name),
                f"{name} {earlier} -> {later}: what the newer one has written may not be understood by an older one",
                f"{earlier} or newer",
                severity="error" if production else "warning",
            )


def _hub(before: CellBody, after: CellBody, production: bool) -> Iterator[Finding]:
    old, new = before.network.hub, after.network.hub
    if old is None or old.new is None or new is None or new.new is None or old.new.asn == new.new.asn:
        return
    yield Finding(
        "way-in-removed",
        ("network", "hub", "new", "asn"),
        f"asn {old.new.asn} -> {new.new.asn}: the transit gateway would be made anew, and everything that is attached "
        "to it cut off",
        str(old.new.asn),
        severity="error" if production else "warning",
    )


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
