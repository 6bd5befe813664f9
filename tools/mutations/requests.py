"""The components' real requests: read from a sandbox's state, written to a file, read from there again.

Owns      what is kept of each resource: inputs, scope, and the outputs that laws look things up by.
Refuses   secrets, and Strimzi's CRDs, which are never committed: the file names them, and reading fills them in.
"""

import gzip
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sandbox.contract import Record, Scope
from sandbox.store import Store

CRD = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"
_BY_NAME = "strimzi"
_SECRET = re.compile(r"PRIVATE KEY|[Pp]assword\"|[Ss]ecretKey\"|clientKey\"")


class RequestsError(Exception):
    """Requests that cannot be read or must not be kept."""


def from_state(state: Path) -> list[Record]:
    """Everything that a sandbox holds, oldest first."""
    if not (state / "sandbox.sqlite").exists():
        raise RequestsError(f"'{state}' holds no sandbox: give the state folder of one, or leave --state out")
    store = Store(state)
    try:
        rows = store.rows("true")
    finally:
        store.connection().close()
    if hidden := [row.record.urn for row in rows if row.secrets]:
        raise RequestsError(f"these resources hold secrets, which are never kept: {', '.join(hidden[:5])}")
    return [row.record for row in rows]


def save(records: Iterable[Record], file: Path) -> None:
    """Write requests as compact, reproducible JSON."""
    crds = _crds()
    rows = []
    for record in records:
        inputs, outputs = dict(record.inputs), dict(record.outputs)
        if record.type == CRD and record.id in crds:
            if inputs["spec"] != crds[record.id]:
                raise RequestsError(f"the CRD '{record.id}' is not the one that the project obtained: it is not kept")
            inputs["spec"] = {_BY_NAME: record.id}
            outputs["spec"] = {_BY_NAME: record.id}
        own = {key: value for key, value in outputs.items() if key not in inputs or inputs[key] != value}
        place = [record.scope.cloud, record.scope.account, record.scope.region]
        rows.append([record.urn, record.type, record.id, place, inputs, own])
    text = "[\n" + ",\n".join(json.dumps(row, separators=(",", ":"), sort_keys=True) for row in rows) + "\n]\n"
    if found := _SECRET.search(text):
        raise RequestsError(f"the requests hold what looks like a secret ({found[0]}): they are not kept")
    file.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def load(file: Path) -> list[Record]:
    """Requests that `save` wrote."""
    crds = _crds()
    records = []
    for urn, type_, id_, place, inputs, own in json.loads(gzip.decompress(file.read_bytes())):
        if type_ == CRD and inputs["spec"].keys() == {_BY_NAME}:
            inputs["spec"] = crds[inputs["spec"][_BY_NAME]]
        if isinstance(own.get("spec"), Mapping) and own["spec"].keys() == {_BY_NAME}:
            own["spec"] = inputs["spec"]
        records.append(Record(urn, type_, id_, Scope(*place), inputs, {**inputs, **own}))
    return records


def _crds() -> Mapping[str, Any]:
    """Spec of each of Strimzi's CRDs by name, in the SDK's spelling."""
    from tools.strimzi import folder

    definitions: Sequence[Mapping[str, Any]] = json.loads((folder() / "crds.json").read_text("utf-8"))
    return {one["metadata"]["name"]: _spelt(one["spec"]) for one in definitions}


def _spelt(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_key(key): _spelt(item) for key, item in value.items()}
    return [_spelt(item) for item in value] if isinstance(value, list) else value


def _key(key: str) -> str:
    """The SDKs can't spell hyphens in the names of extensions."""
    return key.replace("-", "_") if key.startswith("x-kubernetes-") else key
