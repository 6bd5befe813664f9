"""Whom a Kubernetes provider instance works for.

Owns      the kubeconfig: what is refused, and which cluster of the sandbox it means.
Refuses   ambient contexts and paths to files: an empty kubeconfig succeeds with the real provider and then uses
          whatever context the machine has, which is how a wrong cluster gets destroyed.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import yaml

from sandbox.clouds.kubernetes.wire import at, items
from sandbox.contract import UNKNOWN, Properties, Record, Refusal, Request, Scope, World

CLUSTERS = (
    "aws:eks/cluster:Cluster",
    "gcp:container/cluster:Cluster",
    "azure-native:containerservice:ManagedCluster",
)
_ENDPOINTS = frozenset({"endpoint", "publicEndpoint", "privateEndpoint", "fqdn", "privateFQDN", "privateFqdn"})


def _parsed(text: Any) -> Any:
    try:
        return yaml.load(text, yaml.CSafeLoader) if isinstance(text, str) else None
    except yaml.YAMLError:
        return None


def _current(kubeconfig: Any) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Cluster and user of the current context."""
    contexts = {item.get("name"): item.get("context") for item in items(at(kubeconfig, "contexts"))}
    context = contexts.get(at(kubeconfig, "current-context"))
    clusters = {item.get("name"): item.get("cluster") for item in items(at(kubeconfig, "clusters"))}
    users = {item.get("name"): item.get("user") for item in items(at(kubeconfig, "users"))}
    return clusters.get(at(context, "cluster")) or {}, users.get(at(context, "user")) or {}


def _refused(code: str, message: str) -> Refusal:
    return Refusal("law", code, message, ("kubeconfig",))


def check_config(configuration: Properties) -> Iterable[Refusal]:
    """Refusals of a provider configuration."""
    kubeconfig = configuration.get("kubeconfig")
    if kubeconfig is UNKNOWN or configuration.get("renderYamlToDirectory"):
        return []
    if not isinstance(kubeconfig, str) or not kubeconfig.strip():
        message = (
            "kubeconfig is empty: the real provider would use the machine's own context; give the cell's kubeconfig"
        )
        return [_refused("kubeconfig-empty", message)]
    parsed = _parsed(kubeconfig)
    if not isinstance(parsed, Mapping):
        return [_refused("kubeconfig-unreadable", "kubeconfig is no mapping (a path to a file is not accepted here)")]
    return list(_check_current(parsed))


def _check_current(kubeconfig: Mapping[str, Any]) -> Iterator[Refusal]:
    cluster, user = _current(kubeconfig)
    if not host(cluster.get("server")):
        given = at(kubeconfig, "current-context")
        yield _refused("kubeconfig-no-cluster", f"kubeconfig: context '{given}' leads to no cluster with a server URL")
    elif urlsplit(str(cluster["server"])).scheme != "https":
        yield _refused("kubeconfig-not-https", f"kubeconfig: server '{cluster['server']}' is not https")
    if cluster.get("insecure-skip-tls-verify"):
        yield _refused(
            "kubeconfig-insecure", "kubeconfig: insecure-skip-tls-verify is set; give the cluster's CA instead"
        )
    if copied := sorted({"token", "password", "client-key-data"} & user.keys()):
        message = (
            f"kubeconfig: user holds a copied credential ({', '.join(copied)}); use `exec`, which asks for a fresh one"
        )
        yield _refused("kubeconfig-credential", message)


def host(url: Any) -> str:
    """Host name of a server URL, lower case; an endpoint without a scheme is a host."""
    if not isinstance(url, str) or not url:
        return ""
    return (urlsplit(url if "://" in url else f"https://{url}").hostname or "").lower()


def scope(configuration: Properties) -> Scope:
    """Account = the cluster's identifier; region = the host of its API, by which the cluster is found."""
    kubeconfig = configuration.get("kubeconfig")
    cluster, _ = _current(_parsed(kubeconfig)) if isinstance(kubeconfig, str) else ({}, {})
    server = host(cluster.get("server"))
    identifier = configuration.get("clusterIdentifier")
    return Scope("kubernetes", identifier if isinstance(identifier, str) and identifier else server, server)


def _hosts(outputs: Any) -> Iterator[str]:
    if isinstance(outputs, Mapping):
        for key, value in outputs.items():
            if key in _ENDPOINTS and isinstance(value, str):
                yield host(value)
            else:
                yield from _hosts(value)
    elif isinstance(outputs, list | tuple):
        for item in outputs:
            yield from _hosts(item)


def cluster(server: str, world: World) -> Record | None:
    """The managed cluster of the sandbox whose API answers on that host."""
    for record in world.by_output("endpoint", f"https://{server}"):
        if record.type in CLUSTERS:
            return record
    for token in CLUSTERS:
        for record in world.all(token):
            if server in _hosts(record.outputs):
                return record
    return None


def reachable(request: Request, world: World) -> Iterable[Refusal]:
    """Law of every type: the cluster that the kubeconfig names exists. A preview may come before its cell."""
    server = request.scope.region
    if cluster(server, world) if server else request.operation == "check":
        return
    why = f'no cluster of the sandbox answers on "{server}"' if server else "the kubeconfig names no server"
    yield Refusal("law", "cluster-unreachable", f"configured Kubernetes cluster is unreachable: {why}")
