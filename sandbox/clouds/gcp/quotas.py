"""How many of each thing a project may have.

Owns      the limits that the sandbox counts against.
Refuses   to be exact: Google sets quotas for each project. These are its documented or customary defaults.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.clouds.gcp import tokens

_CUSTOMARY = "assumed: default of a new project with billing, general knowledge 2026-11, not read from Google"
_DOCUMENTED = "cloud.google.com/kubernetes-engine/quotas (general knowledge of it, 2026-11)"


@dataclass(frozen=True)
class Quota:
    """`per` is `project` or a property of the resource: only those with the same value are counted together."""

    metric: str
    limit: int
    per: str
    source: str


QUOTAS: Mapping[str, Quota] = {
    tokens.NETWORK: Quota("NETWORKS", 15, "project", _CUSTOMARY),
    tokens.SUBNETWORK: Quota("SUBNETWORKS", 275, "project", _CUSTOMARY),
    tokens.FIREWALL: Quota("FIREWALLS", 200, "project", _CUSTOMARY),
    tokens.ROUTER: Quota("ROUTERS", 20, "project", _CUSTOMARY),
    tokens.ADDRESS: Quota("STATIC_ADDRESSES", 21, "region", _CUSTOMARY),
    tokens.MANAGED_ZONE: Quota("ManagedZonesPerProject", 10_000, "project", _CUSTOMARY),
    tokens.CLUSTER: Quota("clusters", 100, "location", _DOCUMENTED),
    tokens.NODE_POOL: Quota("node pools", 200, "cluster", _DOCUMENTED),
    tokens.ACCOUNT: Quota("iam.googleapis.com/quota/service-account-count", 100, "project", _CUSTOMARY),
    tokens.LOG_SINK: Quota("sinks", 200, "project", _CUSTOMARY),
    tokens.LOG_EXCLUSION: Quota("exclusions", 50, "project", _CUSTOMARY),
    tokens.LOG_BUCKET: Quota("log buckets", 100, "project", _CUSTOMARY),
}
