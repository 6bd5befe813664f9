"""Changes in a real API server by somebody else than the engine, for trying out drift.

Owns      the one call, under a field manager of its own, as `kubectl edit` would make it.
Refuses   to start a server: it speaks to those that run.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sandbox.clouds.kubernetes import configuration, helm
from sandbox.contract import Record
from sandbox.kube.backing import manifest
from sandbox.kube.certificates import made
from sandbox.kube.client import MERGE, Client
from sandbox.kube.servers import FOLDER
from sandbox.store import Store
from sandbox.world import StoreWorld

_MANAGER = "somebody-else"


def client(state_dir: Path, number: int) -> Client | None:
    """A client of the API server of a cluster, by the number of its record; None where it has none."""
    file = state_dir / FOLDER / "clusters" / str(number) / "cluster.json"
    if not file.is_file():
        return None
    port = json.loads(file.read_text(encoding="utf-8"))["port"]
    return Client(f"https://127.0.0.1:{port}", made(state_dir / FOLDER / "certificates"))


def change(state_dir: Path, store: Store, record: Record, patch: Mapping[str, Any] | None) -> None:
    """Merge `patch` into the live object of a resource, or delete it where there is no patch."""
    found = configuration.cluster(record.scope.region, StoreWorld(store, keep=False))
    row = store.find(found.type, found.id, found.scope) if found else None
    server = client(state_dir, row.number) if row else None
    if server is None or record.type == helm.TOKEN:
        return
    body = manifest(record.type, record.inputs)
    if patch is None:
        server.delete(body)
    else:
        server.call("PATCH", server.path(body), patch, form=MERGE, fieldManager=_MANAGER)
    server.close()
