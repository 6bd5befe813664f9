"""Nobody's network joins the fleet's hub without being let in."""

from collections.abc import Iterator

from policies.clouds import AWS_PROVIDER
from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import expect, look
from policies.samples import bad, but, good, later_at, res, unknown


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    found = look(resource.props, "autoAcceptSharedAttachments")
    right = found in (None, "disable")  # off is AWS' own default
    yield from expect("autoAcceptSharedAttachments", found, right, "whoever it is shared with is inside at once")


_HUB = res(
    "aws:ec2transitgateway/transitGateway:TransitGateway",
    {"description": "hub", "autoAcceptSharedAttachments": "disable"},
    provider=AWS_PROVIDER,
    protect=True,
)

POLICY = Policy(
    name="hub-by-invitation",
    title="Networks join the hub by invitation",
    severity="high",
    remediation="Accept attachments one by one, in `network.links` of the cell that owns the hub.",
    framework="AWS FSBP EC2.23",
    types=("aws:ec2transitgateway/transitGateway:TransitGateway",),
    judge=_judge,
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html",
    samples=(
        good(_HUB),
        bad(but(_HUB, "autoAcceptSharedAttachments", "enable")),
        unknown(later_at(_HUB, "autoAcceptSharedAttachments")),
    ),
)
