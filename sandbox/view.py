"""How the sandbox shows itself to people.

Owns      the shapes of `fleet sandbox ls`, `get` and `status`, with secrets left out.
Refuses   changes: this only reads.
"""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.address import Address
from sandbox.contract import TypeModel
from sandbox.faults import Fault, rules
from sandbox.models import clouds
from sandbox.store import Row, Store

HIDDEN = "[secret]"


@dataclass(frozen=True)
class Resource:
    """A resource that exists, its secrets hidden."""

    urn: str
    type: str
    id: str
    cloud: str
    account: str
    region: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    created: str
    updated: str


@dataclass(frozen=True)
class JudgedBy:
    """Who judges a type. `api` names the cloud's own model; `laws` counts the laws written for the type."""

    type: str
    sdk: bool
    api: str
    laws: int
    immutable: int
    note: str


@dataclass(frozen=True)
class Status:
    """State of one sandbox. `pid` is 0 where no server runs; its state can be read all the same."""

    pid: int
    uptime_seconds: float
    ports: Mapping[str, int]
    kubernetes: str
    counts: Mapping[str, Mapping[str, int]]
    judged: Sequence[JudgedBy]
    faults: Sequence[Fault]


def resource(row: Row) -> Resource:
    """A row as people see it."""
    record, scope = row.record, row.record.scope
    inputs, outputs = (_hidden(side, row.secrets) for side in (record.inputs, record.outputs))
    place = (scope.cloud, scope.account, scope.region)
    return Resource(record.urn, record.type, record.id, *place, inputs, outputs, row.created, row.updated)


def _hidden(value: Any, secrets: frozenset[tuple[str, ...]], path: tuple[str, ...] = ()) -> Any:
    if path in secrets:
        return HIDDEN
    if isinstance(value, Mapping):
        return {key: _hidden(item, secrets, (*path, key)) for key, item in value.items()}
    return value


def _uptime(address: Address) -> float:
    uptime = Path("/proc/uptime")
    if not uptime.exists():
        return max(0.0, time.time() - address.started)
    seconds_up = float(uptime.read_text(encoding="utf-8").split()[0])
    return max(0.0, seconds_up - address.started / os.sysconf("SC_CLK_TCK"))


def judged_by(token: str, model: TypeModel | None, sdk: bool) -> JudgedBy:
    """One line of the table."""
    if model is None:
        return JudgedBy(token, sdk, "", 0, 0, "judged by SDK types only")
    api = f"{model.api.source}:{model.api.service}:{model.api.shape}" if model.api else ""
    return JudgedBy(token, sdk, api, len(model.laws), len(model.immutable), "")


def status_of(store: Store, running: Address | None) -> Status:
    """Everything that `fleet sandbox status` says."""
    counts: dict[str, dict[str, int]] = {}
    query = "SELECT cloud, type, count(*) FROM resources GROUP BY cloud, type ORDER BY cloud, type"
    for cloud, token, count in store.connection().execute(query):
        counts.setdefault(cloud, {})[token] = count
    present = {token for types in counts.values() for token in types}
    judged = []
    for provider, cloud in clouds().items():
        seen = {token for token in present if token.startswith(f"{provider}:")}
        for token in sorted(seen | set(cloud.types)):
            judged.append(judged_by(token, cloud.find(token, {}), sdk=_in_sdk(cloud.sdk, token)))
    return Status(
        pid=running.pid if running else 0,
        uptime_seconds=round(_uptime(running), 1) if running else 0.0,
        ports=running.ports if running else {},
        kubernetes=running.kubernetes if running else "",
        counts=counts,
        judged=judged,
        faults=rules(store.connection()),
    )


def _in_sdk(sdk: str, token: str) -> bool:
    from sandbox.sdk.types import tokens

    return token in tokens(sdk)
