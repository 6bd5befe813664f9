"""The firewall that everything gets when nobody chose one lets nothing through."""

from collections.abc import Iterator

from policies.clouds import AWS_PROVIDER
from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import expect, look
from policies.samples import bad, but, good, later_at, res, unknown

_RULE = {"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True}


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    for key in ("ingress", "egress"):
        found = look(resource.props, key)
        yield from expect(key, found, not found, "what is put there by mistake can talk")


_GROUP = res("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", {"vpcId": "vpc-1"}, provider=AWS_PROVIDER)

POLICY = Policy(
    name="default-firewall-closed",
    title="The default security group lets nothing through",
    severity="medium",
    remediation="Leave the cell's network at its defaults.",
    framework="AWS FSBP EC2.2",
    types=("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",),
    judge=_judge,
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html",
    samples=(
        good(_GROUP),
        bad(but(_GROUP, "ingress", [_RULE])),
        unknown(later_at(_GROUP, "egress")),
    ),
)
