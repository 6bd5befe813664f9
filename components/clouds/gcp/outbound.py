"""Where a cell may connect to, when its file says so.

Owns      the outgoing rules, and the names by which nodes then reach Google's own services.
Refuses   to take the names of Google's services from a network that others use too: there the network's owners do it.
"""

from typing import Any

import pulumi

from components.base import Component
from components.clouds.contract import NetworkRequest
from components.clouds.gcp import zones
from components.clouds.gcp.firewall import ANYWHERE, Rule, rule
from components.clouds.gcp.vpc import Vpc

GOOGLE = "199.36.153.8/30"
"""private.googleapis.com: all of Google's APIs on four addresses that are routed inside Google only."""

_ADDRESSES = tuple(f"199.36.153.{n}" for n in range(8, 12))
_A = ("A", _ADDRESSES)

DOMAINS = {
    "googleapis": (
        "googleapis.com",
        {"private.googleapis.com": _A, "*.googleapis.com": ("CNAME", ("private.googleapis.com.",))},
    ),
    # GKE's own images, and those of a mirror in Artifact Registry: without them no node ever becomes ready.
    "gcr": ("gcr.io", {"gcr.io": _A, "*.gcr.io": ("CNAME", ("gcr.io.",))}),
    "pkg": ("pkg.dev", {"pkg.dev": _A, "*.pkg.dev": ("CNAME", ("pkg.dev.",))}),
}
"""Role -> domain of Google's and its records. Google's public addresses change, so no rule could name them."""


def confine(parent: Component, provider: pulumi.ProviderResource, request: NetworkRequest, vpc: Vpc) -> dict[str, Any]:
    """Make the rules and names; what is left for people to do."""
    identity, net = request.identity, request.spec
    if net.egress is None:
        return {}
    allowed = {*request.ranges.inside, *net.joined_cidrs, *net.egress.allowed_cidrs, GOOGLE}
    for wanted in (
        Rule("allow-egress", sorted(allowed), "all", direction="EGRESS"),
        Rule("deny-egress", [ANYWHERE], "all", allow=False, direction="EGRESS"),
    ):
        rule(parent, provider, identity, vpc, wanted)
    if vpc.shared:
        domains = ", ".join(sorted(domain for domain, _ in DOMAINS.values()))
        return {"instructions": [f"in network {vpc.name}, make the names of {domains} lead to {GOOGLE}"]}
    for role, (domain, records) in sorted(DOMAINS.items()):
        zones.detour(parent, provider, identity, vpc, role, domain, records)
    return {}
