"""Nobody owns or edits a whole project of Google's."""

from collections.abc import Iterator

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import items, later, look
from policies.samples import bad, but, good, later_at, res, unknown

_PRIMITIVE = ("roles/owner", "roles/editor", "roles/viewer")
_EVERYONE = ("allUsers", "allAuthenticatedUsers")


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    role = look(resource.props, "role")
    if role is UNKNOWN:
        yield later("role")
    elif role in _PRIMITIVE:
        yield f"role is '{role}', which covers every service of the project: give the roles that are needed"
    members = [one for one in (look(resource.props, "member"), *items(resource.props, "members")) if one is not None]
    if UNKNOWN in members:
        yield later("member")
    elif over := [one for one in members if one in _EVERYONE]:
        yield f"member is '{over[0]}': that is the whole internet"


_MEMBER = res(
    "gcp:projects/iAMMember:IAMMember",
    {"project": "p", "role": "roles/dns.reader", "member": "serviceAccount:dns@p.iam.gserviceaccount.com"},
)

POLICY = Policy(
    name="iam-primitive-roles",
    title="Nobody has a primitive role",
    severity="high",
    remediation="Give a role of one service, on one resource where it has such.",
    framework="CIS GCP Foundations, identity and access management; NIST SP 800-53 AC-6",
    types=("gcp:projects/*", "gcp:serviceaccount/iAMMember:IAMMember", "gcp:kms/*", "gcp:dns/*", "gcp:storage/*"),
    judge=_judge,
    url="https://cloud.google.com/iam/docs/roles-overview#basic",
    samples=(
        good(_MEMBER),
        bad(but(_MEMBER, "role", "roles/editor")),
        bad(but(_MEMBER, "member", "allUsers")),
        unknown(later_at(_MEMBER, "member")),
    ),
)
