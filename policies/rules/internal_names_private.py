"""Names of the inside are not told on the internet."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.clouds import AWS_PROVIDER
from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import items, later, look
from policies.samples import GONE, TAGS, bad, but, good, later_at, res, unknown

_INSIDE = (".internal", ".local", ".lan", ".corp", ".home.arpa")


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    name = look(resource.props, "dnsName" if resource.type.startswith("gcp:") else "name")
    public = _public(resource.props)
    if UNKNOWN in (name, public):
        yield later("whether the zone is private")
    elif public and str(name).rstrip(".").endswith(_INSIDE):
        yield f"zone '{name}' is public: everyone can ask which clusters there are"


def _public(props: Mapping[str, Any]) -> Any:
    if "dnsName" in props:  # Google's; a zone that says nothing is public
        found = props.get("visibility")
        return found if found is UNKNOWN else found != "private"
    networks = items(props, "vpcs")
    return UNKNOWN if UNKNOWN in networks else not networks


_AWS = res(
    "aws:route53/zone:Zone",
    {"name": "orders.kafka.acme.internal", "vpcs": [{"vpcId": "vpc-1"}], "forceDestroy": False},
    provider=AWS_PROVIDER,
    protect=True,
)
_GCP = res(
    "gcp:dns/managedZone:ManagedZone",
    {"name": "orders", "dnsName": "orders.kafka.acme.internal.", "visibility": "private", "labels": TAGS},
    protect=True,
)

POLICY = Policy(
    name="internal-names-private",
    title="Internal names stay inside",
    severity="medium",
    remediation="Leave the cell's zones as they are; public names are under `public_dns_domain`.",
    framework="NIST SP 800-81 rev. 2; NIST SP 800-53 SC-20",
    types=("aws:route53/zone:Zone", "gcp:dns/managedZone:ManagedZone"),
    judge=_judge,
    url="https://csrc.nist.gov/pubs/sp/800/81/2/final",
    samples=(
        good(_AWS, _GCP),
        good(but(but(_AWS, "vpcs", GONE), "name", "orders.kafka.acme.example"), title="a public name"),
        bad(but(_AWS, "vpcs", GONE)),
        bad(but(_GCP, "visibility", "public")),
        unknown(later_at(_AWS, "vpcs")),
    ),
)
