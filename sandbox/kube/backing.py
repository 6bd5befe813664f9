"""What becomes of a Kubernetes resource of the engine in a real API server.

Owns      the way from a resource to its object and back: server-side apply with strict field validation, dry runs in
          previews, deletions that end, and what somebody changed behind the engine's back.
Refuses   Helm releases (the sandbox has no charts: they stay records), and to answer for a cluster that the sandbox
          does not have.
Identity  the kubeconfig of the product names the cloud's endpoint, which is no address: the managed cluster of the
          sandbox that has this endpoint leads to the server.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sandbox.clouds.kubernetes import configuration, helm
from sandbox.clouds.kubernetes.laws import body_of
from sandbox.clouds.kubernetes.wire import at, crd_schema, has_unknown, whole
from sandbox.contract import Record, Refusal, Request, Scope
from sandbox.kube import drift
from sandbox.kube.client import ApiError, Client
from sandbox.kube.process import ServerError
from sandbox.kube.servers import Servers
from sandbox.store import Store
from sandbox.world import StoreWorld

CRD = "CustomResourceDefinition"
STATUS_MANAGER = "kafka-fleet-sandbox-status"
FORCE = "pulumi.com/patchForce"
_GONE_SECONDS = 20
_SERVED_SECONDS = 20
_log = logging.getLogger("sandbox")


class Kube:
    """The API servers of one state folder, behind the sandbox's Kubernetes provider."""

    def __init__(self, state_dir: Path, store: Store, gone_seconds: float = _GONE_SECONDS) -> None:
        self._store = store
        self._servers = Servers(state_dir)
        self._gone_seconds = gone_seconds

    def restart(self) -> None:
        """Start the servers that ran before; one that does not start says so when it is needed."""
        try:
            self._servers.restart()
        except (ServerError, ApiError):
            _log.exception("an API server did not start again")

    def stop(self) -> None:
        """Stop all servers."""
        self._servers.stop()

    def tidy(self) -> None:
        """Remove the servers of clusters that were deleted."""
        for one in self._servers.known():
            if not self._store.rows("number = ?", (one.number,)):
                self._servers.forget(one.number)

    def client(self, scope: Scope) -> Client | None:
        """A client of the cluster that a provider instance works for; None where the sandbox has no such cluster."""
        found = configuration.cluster(scope.region, StoreWorld(self._store, keep=False)) if scope.region else None
        row = self._store.find(found.type, found.id, found.scope) if found else None
        return self._servers.client(row.number, row.record.id) if row else None

    def ready(self, scope: Scope) -> None:
        """Start the cluster's server."""
        try:
            self.client(scope)
        except (ServerError, ApiError):
            _log.exception("the API server for %s did not start", scope.region)

    def preview(self, request: Request) -> list[Refusal]:
        """A dry run, where cluster, kind and namespace exist and everything is known."""
        if request.type == helm.TOKEN or has_unknown(request.inputs):
            return []
        body = manifest(request.type, request.inputs)
        try:
            client = self.client(request.scope)
            # A planned replacement: what stands there goes first, and cannot be changed into what comes.
            if client is None or (request.operation == "create" and client.get(body) is not None):
                return []
            client.apply(body, force=_force(body), dry_run=True)
        except ApiError as error:
            return [] if error.status == 404 else refusals(error)
        except ServerError as error:
            return [_unavailable(error)]
        return []

    def apply(self, request: Request, record: Record) -> tuple[Record, list[Refusal]]:
        """Server-side apply, then the sandbox's own status where it gives one."""
        if request.type == helm.TOKEN:
            return record, []
        body = manifest(request.type, request.inputs)
        try:
            client = self.client(request.scope)
            if client is None:
                return record, []
            told = client.apply(body, force=_force(body))
            for warning in told.warnings:
                _log.warning("%s %s: %s", body["kind"], record.id, warning)
            live = told.body
            if body["kind"] == CRD:
                served(client, body)
            elif _status_is_ours(record):
                live = client.apply_status(_status(body, record, live), manager=STATUS_MANAGER).body
        except ApiError as error:
            return record, refusals(error)
        except ServerError as error:
            return record, [_unavailable(error)]
        return replace(record, outputs=_outputs(record, live)), []

    def read(self, record: Record) -> Record | None:
        """The live object; inputs that somebody changed are as they are now."""
        if record.type == helm.TOKEN:
            return record
        body = manifest(record.type, record.inputs)
        client = self.client(record.scope)
        if client is None:
            return record
        live = client.get(body)
        if live is None:
            return None
        try:
            wanted = client.apply(body, force=True, dry_run=True).body
        except ApiError:
            wanted = live  # it would be refused today: what it differs by cannot be told from defaults
        compare = drift.definition if body["kind"] == CRD else drift.inputs
        return replace(record, inputs=compare(record.inputs, wanted, live), outputs=_outputs(record, live))

    def delete(self, record: Record) -> list[Refusal]:
        """Delete, and wait until it is gone."""
        if record.type == helm.TOKEN:
            return []
        body = manifest(record.type, record.inputs)
        try:
            client = self.client(record.scope)
            if client is None:
                return []
            client.delete(body)
            if body["kind"] == "Namespace":
                _empty(client, body)
            return _gone(client, body, self._gone_seconds)
        except ApiError as error:
            return refusals(error)
        except ServerError as error:
            return [_unavailable(error)]


def manifest(token: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """A resource's properties as the API server reads them."""
    body: dict[str, Any] = whole(body_of(token, properties))
    return dict(crd_schema(body)) if body["kind"] == CRD else body


def refusals(error: ApiError) -> list[Refusal]:
    """The server's refusal in its own words."""
    path = tuple(error.causes[0].path.split(".")) if error.causes and error.causes[0].path else ()
    return [Refusal("apiserver", error.reason, error.message, path)]


def _unavailable(error: ServerError) -> Refusal:
    return Refusal("apiserver", "unavailable", f"the real API server of this cluster could not be started: {error}")


def _force(body: Mapping[str, Any]) -> bool:
    """Whether fields of other managers are taken over: as the real provider, only where the object says so."""
    annotations = at(body, "metadata", "annotations")
    return isinstance(annotations, Mapping) and str(annotations.get(FORCE, "")).lower() == "true"


def _status_is_ours(record: Record) -> bool:
    """The sandbox says `Ready` of what an operator would: of every object with conditions that is no built-in one."""
    return bool(at(record.outputs, "status", "conditions"))


def _status(body: Mapping[str, Any], record: Record, live: Mapping[str, Any]) -> dict[str, Any]:
    status = {**record.outputs["status"], "observedGeneration": at(live, "metadata", "generation")}
    named = {key: body["metadata"][key] for key in ("name", "namespace") if key in body["metadata"]}
    return {"apiVersion": body["apiVersion"], "kind": body["kind"], "metadata": named, "status": status}


def _outputs(record: Record, live: Mapping[str, Any]) -> dict[str, Any]:
    """The live object, without the bookkeeping of field managers. A CRD's schema stays in the engine's spelling."""
    metadata = {key: value for key, value in live["metadata"].items() if key != "managedFields"}
    found = {**live, "metadata": metadata}
    if live.get("kind") == CRD:
        found["spec"] = record.outputs.get("spec")
    return found


def served(client: Client, body: Mapping[str, Any]) -> None:
    """Wait until the kind that a CRD defines is served, as the real provider does."""
    deadline = time.monotonic() + _SERVED_SECONDS
    while time.monotonic() < deadline:
        conditions = at(client.get(body) or {}, "status", "conditions") or ()
        if any(one.get("type") == "Established" and one.get("status") == "True" for one in conditions):
            return
        time.sleep(0.05)


def _empty(client: Client, body: Mapping[str, Any]) -> None:
    """Finish the deletion of a namespace, which is the work of a controller: nobody else runs one here."""
    name = body["metadata"]["name"]
    live = client.get(body)
    if live is None:
        return
    for api_version, kind in client.everything():
        if kind.namespaced and "deletecollection" in kind.verbs:
            root = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
            client.call("DELETE", f"{root}/namespaces/{name}/{kind.plural}")
    finished = {**live, "spec": {**live.get("spec", {}), "finalizers": []}}
    finished["metadata"].pop("resourceVersion", None)
    client.call("PUT", f"/api/v1/namespaces/{name}/finalize", finished)


def _gone(client: Client, body: Mapping[str, Any], seconds: float) -> list[Refusal]:
    deadline = time.monotonic() + seconds
    while (live := client.get(body)) is not None:
        if time.monotonic() > deadline:
            held = ", ".join(at(live, "metadata", "finalizers") or ()) or "nothing that it says"
            message = (
                f"{body['kind']} '{at(body, 'metadata', 'name')}' is being deleted and held by {held}: no controller "
                "runs here that would let go of it; remove the finalizers (`kubectl edit`) and run this again"
            )
            return [Refusal("apiserver", "deletion-held", message, ("metadata", "finalizers"))]
        time.sleep(0.05)
    return []
