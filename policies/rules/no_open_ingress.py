"""No firewall lets the whole internet in."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.clouds import AWS_PROVIDER
from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import items, later, look
from policies.samples import TAGS, bad, but, good, later_at, res, unknown

_ANYWHERE = frozenset({"0.0.0.0/0", "::/0", "*", "Internet", "Any"})


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    for where, sources in _openings(resource):
        found = [one for one in sources if one is not None]
        if UNKNOWN in found:
            yield later(f"who {where} lets in")
        elif over := sorted(set(map(str, found)) & _ANYWHERE):
            yield f"{where} lets in {', '.join(over)}: that is everyone"


def _openings(resource: Resource) -> Iterator[tuple[str, tuple[Any, ...]]]:
    props = resource.props
    if resource.type == "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule":
        yield "the rule", (look(props, "cidrIpv4"), look(props, "cidrIpv6"))
    elif resource.type == "aws:ec2/securityGroup:SecurityGroup":
        for index, rule in enumerate(items(props, "ingress")):
            yield f"ingress {index}", (*items(rule, "cidrBlocks"), *items(rule, "ipv6CidrBlocks"))
    elif resource.type == "gcp:compute/firewall:Firewall":
        if look(props, "allows") and look(props, "direction") != "EGRESS":
            yield "the rule", tuple(items(props, "sourceRanges"))
    else:
        for rule in items(props, "securityRules"):
            if _lets_in(rule):
                sources = (look(rule, "sourceAddressPrefix"), *items(rule, "sourceAddressPrefixes"))
                yield f"rule '{look(rule, 'name')}'", sources


def _lets_in(rule: Any) -> bool:
    return isinstance(rule, Mapping) and (rule.get("access"), rule.get("direction")) == ("Allow", "Inbound")


_AWS = res(
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    {"securityGroupId": "sg-1", "cidrIpv4": "10.0.0.0/16", "ipProtocol": "tcp", "fromPort": 9092, "toPort": 9099},
    provider=AWS_PROVIDER,
)
_GCP = res(
    "gcp:compute/firewall:Firewall",
    {
        "network": "vpc",
        "direction": "INGRESS",
        "sourceRanges": ["10.1.0.0/16"],
        "allows": [{"protocol": "tcp", "ports": ["9092-9099"]}],
    },
)
_RULE = {
    "name": "allow-kafka",
    "access": "Allow",
    "direction": "Inbound",
    "priority": 200,
    "protocol": "Tcp",
    "sourceAddressPrefix": "10.2.0.0/16",
    "sourcePortRange": "*",
    "destinationAddressPrefix": "*",
    "destinationPortRange": "9092-9199",
}
_AZURE = res(
    "azure-native:network:NetworkSecurityGroup",
    {"resourceGroupName": "kf-orders", "location": "westeurope", "securityRules": [_RULE], "tags": TAGS},
)

POLICY = Policy(
    name="no-open-ingress",
    title="No firewall lets everyone in",
    severity="critical",
    remediation="List the ranges that may come in the cell's `network.allow`.",
    framework="AWS FSBP EC2.18, EC2.19; CIS GCP Foundations, networking; CIS Azure Foundations, networking",
    types=(
        "aws:ec2/securityGroup:SecurityGroup",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "azure-native:network:NetworkSecurityGroup",
        "gcp:compute/firewall:Firewall",
    ),
    judge=_judge,
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html",
    samples=(
        good(_AWS, _GCP, _AZURE),
        good(
            res(
                "gcp:compute/firewall:Firewall",
                {"network": "vpc", "denies": [{"protocol": "all"}], "sourceRanges": ["0.0.0.0/0"]},
            ),
            title="to refuse everyone is fine",
        ),
        bad(but(_AWS, "cidrIpv4", "0.0.0.0/0")),
        bad(but(_GCP, "sourceRanges", ["0.0.0.0/0"])),
        bad(but(_AZURE, "securityRules", 0, "sourceAddressPrefix", "Internet")),
        unknown(later_at(_AWS, "cidrIpv4")),
    ),
)
