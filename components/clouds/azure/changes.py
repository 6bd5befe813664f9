"""What a change of a cell on Azure may not do.

Owns      properties that AKS and its neighbours take only when they are made.
Refuses   any SDK, and what no cloud allows (`components/cell/changes.py`).
Sources   Microsoft Learn: "Resize node pools in AKS" (a pool's VM size never changes), "Create a private AKS cluster"
          (an existing cluster is not made private), "Tenants and AKS": the directory is chosen at creation.
"""

from collections.abc import Iterator

from components.cell.spec import CellBody
from components.finding import Finding


def changes(before: CellBody, after: CellBody, production: bool) -> Iterator[Finding]:
    """Every law of old and new that the change breaks. Paths are from the root of the cell."""
    old, new = before.kubernetes, after.kubernetes
    if old.kafka_nodes.machine != new.kafka_nodes.machine and production:
        yield Finding(
            "kafka-nodes-replaced",
            ("kubernetes", "kafka_nodes", "machine"),
            f"machine '{old.kafka_nodes.machine}' -> '{new.kafka_nodes.machine}': AKS changes no pool's size, so each "
            "zone's pool would be deleted with all its brokers and made anew; the pools are protected",
            old.kafka_nodes.machine,
            "a new cell with that machine, and the data mirrored over",
        )
    if old.api != new.api:
        yield Finding(
            "cell-immutable",
            ("kubernetes", "api"),
            f"api '{old.api}' -> '{new.api}': AKS decides that when a cluster is made, so it would be replaced",
            old.api,
            "a new cell, and the data mirrored over",
        )
    if before.section().tenant_id != after.section().tenant_id:
        yield Finding(
            "cell-immutable",
            ("azure", "tenant_id"),
            f"tenant_id '{before.section().tenant_id}' -> '{after.section().tenant_id}': keys and logins belong to the "
            "tenant of the subscription",
            before.section().tenant_id,
        )
