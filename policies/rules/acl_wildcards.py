"""A user may do named things to named resources."""

from collections.abc import Iterator

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import items, later, look, names
from policies.samples import APP, PROD, USER, bad, but, good, later_at, unknown

_HARMLESS = frozenset({"Describe", "DescribeConfigs"})
"""What tells names and settings, and no record."""


def _judge(resource: Resource, scope: Scope) -> Iterator[Verdict]:
    for index, acl in enumerate(items(resource.props, "spec", "authorization", "acls")):
        name, operations = look(acl, "resource", "name"), names(acl, "operations")
        if acl is UNKNOWN or name is UNKNOWN or UNKNOWN in operations:
            yield later(f"acl {index}")
            continue
        if look(acl, "type") == "deny":
            continue
        # A service may own what is named after it, as ksqlDB does: its ACLs are code, which its owner reviews.
        if "All" in operations and scope.stack.startswith("app."):
            yield f"acl {index} allows the operation 'All', those of future versions too: name the operations"
        everything = name == "*" or (name == "" and look(acl, "resource", "patternType") == "prefix")
        if everything and not set(operations) <= _HARMLESS:
            yield f"acl {index} allows {look(acl, 'resource', 'type')} '{name}': that is everyone's, name the resource"


_ACL = ("spec", "authorization", "acls", 0)

POLICY = Policy(
    name="acl-wildcards",
    title="ACLs name what they allow",
    severity="high",
    remediation="Name topics, groups and operations in the app's `access`, with a prefix of your own at most.",
    framework="NIST SP 800-53 AC-6",
    types=("kubernetes:kafka.strimzi.io/v1:KafkaUser",),
    judge=_judge,
    levels={"dev": "advisory"},
    url="https://strimzi.io/docs/operators/latest/configuring#type-AclRule-schema-reference",
    samples=(
        good(USER, scope=APP),
        good(but(but(USER, *_ACL, "operations", ["Describe"]), *_ACL, "resource", "name", "*"), title="a console's"),
        bad(but(USER, *_ACL, "operations", ["All"]), scope=APP),
        bad(but(USER, *_ACL, "resource", "name", "*"), scope=PROD),
        unknown(later_at(USER, *_ACL, "resource", "name")),
    ),
)
