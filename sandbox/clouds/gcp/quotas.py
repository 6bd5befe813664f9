"""How many of each thing a project may have.

Owns      the limits that the sandbox counts against.
Refuses   to be exact: Google sets quotas for each project. These are its documented or customary defaults.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.clouds.gcp import tokens

_CUSTOMARY = "assumed: default of a new project with billing, general knowledge 2026-11, not read from Google"
_PEERINGS = "cloud.google.com/vpc/docs/quota (general knowledge of it, 2026-11)"
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
    tokens.FORWARDING_RULE: Quota("FORWARDING_RULES", 45, "region", _CUSTOMARY),
    tokens.SERVICE_ATTACHMENT: Quota("SERVICE_ATTACHMENTS", 20, "region", _CUSTOMARY),
    tokens.NETWORK_PEERING: Quota("PEERINGS_PER_NETWORK", 25, "network", _PEERINGS),
    tokens.HUB: Quota("HUBS", 10, "project", _CUSTOMARY),
    tokens.ROUTER: Quota("ROUTERS", 20, "project", _CUSTOMARY),
    tokens.ADDRESS: Quota("STATIC_ADDRESSES", 21, "region", _CUSTOMARY),
    tokens.MANAGED_ZONE: Quota("ManagedZonesPerProject", 10_000, "project", _CUSTOMARY),
    tokens.RECORD_SET: Quota("ResourceRecordSetsPerManagedZone", 10_000, "managedZone", _CUSTOMARY),
    tokens.CLUSTER: Quota("clusters", 100, "location", _DOCUMENTED),
    tokens.NODE_POOL: Quota("node pools", 200, "cluster", _DOCUMENTED),
    tokens.ACCOUNT: Quota("iam.googleapis.com/quota/service-account-count", 100, "project", _CUSTOMARY),
    tokens.LOG_SINK: Quota("sinks", 200, "project", _CUSTOMARY),
    tokens.LOG_EXCLUSION: Quota("exclusions", 50, "project", _CUSTOMARY),
    tokens.LOG_BUCKET: Quota("log buckets", 100, "project", _CUSTOMARY),
}

INTERNAL_ADDRESSES = Quota("INTERNAL_ADDRESSES", 200, "region", _CUSTOMARY)
"""Reserved addresses of subnetworks, counted apart from the external ones."""

INTERNAL_RULES = Quota("INTERNAL_FORWARDING_RULES_PER_NETWORK", 500, "network", _CUSTOMARY)
"""Internal forwarding rules and endpoints of Private Service Connect in one network, all regions together."""
