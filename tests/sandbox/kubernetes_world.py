"""A small world for laws of the Kubernetes model: records in a list, the real CRDs, the good manifests."""

import copy
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sandbox.clouds.kubernetes.validate import Crds
from sandbox.contract import Record, Request, Scope
from tools.strimzi import folder

SERVER = "k8s.parcels.example.net"
SCOPE = Scope("kubernetes", "cluster-1", SERVER)
CRD = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"
NAMESPACE = "kubernetes:core/v1:Namespace"
EKS = "aws:eks/cluster:Cluster"


@cache
def definitions() -> tuple[Mapping[str, Any], ...]:
    return tuple(json.loads((folder() / "crds.json").read_text("utf-8")))


@cache
def crds() -> Crds:
    return Crds(definitions())


@cache
def _manifests() -> list[dict[str, Any]]:
    text = Path(__file__).with_name("kubernetes_manifests.yaml").read_text("utf-8")
    return list(yaml.safe_load_all(text))


def manifests() -> list[dict[str, Any]]:
    return copy.deepcopy(_manifests())


def manifest(kind: str, name: str = "") -> dict[str, Any]:
    """A fresh copy of the first good manifest of a kind (and name)."""
    return next(body for body in manifests() if body["kind"] == kind and name in ("", body["metadata"]["name"]))


def token(body: Mapping[str, Any]) -> str:
    version = body["apiVersion"] if "/" in body["apiVersion"] else f"core/{body['apiVersion']}"
    return f"kubernetes:{version}:{body['kind']}"


def record(body: Mapping[str, Any], scope: Scope = SCOPE, version: str = "1") -> Record:
    metadata = body["metadata"]
    key = f"{metadata['namespace']}/{metadata['name']}" if "namespace" in metadata else metadata["name"]
    server = {
        "uid": f"uid-{key}",
        "resourceVersion": version,
        "generation": 1,
        "creationTimestamp": "2026-01-01T00:00:00Z",
    }
    return Record(f"urn:{key}", token(body), key, scope, body, {**body, "metadata": {**metadata, **server}})


def cluster(endpoint: str = f"https://{SERVER}", type: str = EKS, **outputs: Any) -> Record:
    given = {"endpoint": endpoint, **outputs}
    return Record("urn:eks", type, "parcels", Scope("aws", "111122223333", "eu-west-1"), {}, given)


class FakeWorld:
    def __init__(self, *records: Record) -> None:
        self.records = list(records)
        self.numbers = 0

    def find(self, type: str, id: str, scope: Scope | None = None) -> Record | None:
        return next((each for each in self.all(type, scope) if each.id == id), None)

    def all(self, type: str, scope: Scope | None = None) -> Sequence[Record]:
        return [
            each
            for each in self.records
            if each.type == type and (scope is None or each.scope.account == scope.account)
        ]

    def by_output(self, name: str, value: Any, type: str = "") -> Sequence[Record]:
        return [each for each in self.records if each.outputs.get(name) == value and type in ("", each.type)]

    def mentions(self, value: str) -> Sequence[Record]:
        def holds(node: Any) -> bool:
            if isinstance(node, Mapping):
                return any(holds(item) for item in node.values())
            return any(holds(item) for item in node) if isinstance(node, list) else node == value

        return [each for each in self.records if holds(each.inputs)]

    def sequence(self, name: str) -> int:
        self.numbers += 1
        return self.numbers


def running(*records: Record) -> FakeWorld:
    """A world with a cluster, Strimzi's CRDs and the namespace of the manifests."""
    return FakeWorld(cluster(), *(record(crd) for crd in definitions()), record(manifest("Namespace")), *records)


def request(operation: str, body: Mapping[str, Any], old: Record | None = None, scope: Scope = SCOPE) -> Request:
    return Request(operation, "urn:new", token(body), scope, body, old)
