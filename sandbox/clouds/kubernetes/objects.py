"""The model of a Kubernetes object in the sandbox.

Owns      ids, server-side metadata, the status that the sandbox gives, and the list of laws of each type.
Refuses   real operators: the status of a Strimzi object is the sandbox's own, so that `pulumi.com/waitFor` has
          something true to wait for; it says nothing about what Strimzi would have done.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sandbox.clouds.kubernetes import (
    attachments,
    configuration,
    gateway_crds,
    gateways,
    kinds,
    laws,
    routes,
    strimzi,
)
from sandbox.clouds.kubernetes.schema import defaulted
from sandbox.clouds.kubernetes.validate import is_builtin
from sandbox.clouds.kubernetes.wire import at, items
from sandbox.contract import Law, Properties, Request, TypeModel, World


def identify(request: Request, _world: World) -> str:
    """`<namespace>/<name>`, or `<name>` where the kind is cluster-scoped."""
    namespace, name = at(request.inputs, "metadata", "namespace"), at(request.inputs, "metadata", "name")
    return f"{namespace}/{name}" if namespace else str(name)


def _metadata(request: Request, world: World, id: str) -> dict[str, Any]:
    """What the API server adds. `generation` grows with the spec only, as it does there."""
    given = dict(request.inputs.get("metadata") or {})
    old = at(request.old.outputs, "metadata") if request.old and request.old.id == id else None
    version = world.sequence("kubernetes.resourceVersion")
    if old is None:
        uid = uuid.uuid5(uuid.NAMESPACE_URL, f"{request.scope.account}/{request.type}/{id}/{version}")
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        server = {"uid": str(uid), "creationTimestamp": now, "generation": 1}
    else:
        changed = request.old is not None and request.inputs.get("spec") != request.old.inputs.get("spec")
        server = {key: old[key] for key in ("uid", "creationTimestamp") if key in old}
        server["generation"] = int(old.get("generation", 1)) + changed
    return {**given, **server, "resourceVersion": str(version)}


def _ready(body: Mapping[str, Any], metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The sandbox's own status of a Strimzi object."""
    moment = metadata["creationTimestamp"]
    status: dict[str, Any] = {
        "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": moment}],
        "observedGeneration": metadata["generation"],
    }
    name, namespace = at(body, "metadata", "name"), at(body, "metadata", "namespace")
    if body["kind"] == "Kafka":
        status["kafkaVersion"] = at(body, "spec", "kafka", "version") or strimzi.KAFKA_VERSIONS[-1]
        status["kafkaMetadataVersion"] = at(body, "spec", "kafka", "metadataVersion") or "4.3-IV0"
        status["listeners"] = [
            {
                "name": listener.get("name"),
                "bootstrapServers": f"{name}-kafka-bootstrap.{namespace}.svc:{listener.get('port')}",
            }
            for listener in items(at(body, "spec", "kafka", "listeners"))
        ]
    elif body["kind"] == "KafkaTopic":
        status["topicName"] = at(body, "spec", "topicName") or name
    elif body["kind"] == "KafkaUser":
        status["secret"] = name
        status["username"] = f"CN={name}" if at(body, "spec", "authentication", "type") == "tls" else name
    return status


def outputs(request: Request, world: World, id: str) -> Properties:
    """The object as the API server holds it."""
    body = laws.body_of(request.type, request.inputs)
    metadata = _metadata(request, world, id)
    if not is_builtin(str(body["apiVersion"])) and (kind := laws.kind_of(request, world)):
        spec = at(kind.schema, "properties", "spec")
        if "spec" in body and isinstance(spec, Mapping):
            body["spec"] = defaulted(spec, body["spec"])
    if str(body["apiVersion"]).startswith(f"{strimzi.GROUP}/"):
        body["status"] = _ready(body, metadata)
    elif body["kind"] == "Namespace":
        body["status"] = {"phase": "Active"}
    elif body["kind"] == "CustomResourceDefinition":
        body["status"] = {"conditions": [{"type": "Established", "status": "True"}]}
    return {**body, "metadata": metadata}


_OWN: Mapping[str, Sequence[Law]] = {
    "Namespace": [laws.emptied],
    "CustomResourceDefinition": [laws.crd_change, laws.unused],
    "Gateway": [gateways.of_gateway],
    "GatewayClass": [gateways.of_class],
    "Kafka": [routes.of_kafka],
    "ServiceAttachment": [attachments.valid],
    "TCPRoute": [routes.of_route],
    "TLSRoute": [routes.of_route],
}


def _laws(token: str, kind: str) -> list[Law]:
    common: list[Law] = [configuration.reachable, laws.valid, laws.in_namespace]
    group = token.removeprefix("kubernetes:").partition("/")[0]
    return [*common, *([gateway_crds.installed] if group in gateway_crds.GROUPS else []), *_OWN.get(kind, ())]


def model(token: str) -> TypeModel:
    """The model of one type, built-in or defined by a CRD."""
    kind = token.rpartition(":")[2]
    return TypeModel(
        token=token,
        api=None,
        identify=identify,
        outputs=outputs,
        immutable=kinds.immutable(kind),
        laws=_laws(token, kind),
        unique=("metadata.name", "metadata.namespace"),
        unique_in="account",
        secrets=("data", "stringData") if kind == "Secret" else (),
    )


def model_for(token: str, _inputs: Properties) -> TypeModel | None:
    """The model of a type that only a CRD can define: `kubernetes:<group with a dot>/<version>:<Kind>`."""
    parts = token.split(":")
    if len(parts) != 3 or parts[0] != "kubernetes" or "/" not in parts[1] or is_builtin(parts[1]):
        return None
    group = parts[1].partition("/")[0]
    return None if group == "helm.sh" else model(token)
