"""No container has privileges, and none can get any."""

from collections.abc import Iterator

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import expect, items, later, look, yes
from policies.pods import TYPES, containers
from policies.samples import CONTAINER, WORKLOAD, bad, but, good, later_at, unknown


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    for name, container in containers(resource):
        if container is UNKNOWN:
            yield later(name)
            continue
        context = look(container, "securityContext")
        rise = look(context, "allowPrivilegeEscalation")
        yield from expect(
            f"allowPrivilegeEscalation of {name}", rise, rise is False, "a process could gain root's rights"
        )
        if yes(look(context, "privileged")):
            yield f"{name} is privileged: that is root on the node"
        dropped, added = items(context, "capabilities", "drop"), items(context, "capabilities", "add")
        if UNKNOWN in dropped or UNKNOWN in added:
            yield later(f"capabilities of {name}")
        else:
            if "ALL" not in dropped:
                yield f"{name} keeps capabilities: drop ALL"
            if over := sorted(set(map(str, added)) - {"NET_BIND_SERVICE"}):
                yield f"{name} adds the capabilities {', '.join(over)}"


_CONTEXT = (*CONTAINER, "securityContext")

POLICY = Policy(
    name="pod-privileges",
    title="Containers have no privileges and gain none",
    severity="high",
    remediation="Service owners: drop ALL capabilities and forbid privilege escalation.",
    framework="Kubernetes Pod Security Standards, Restricted: Privilege Escalation, Capabilities",
    types=TYPES,
    judge=_judge,
    url="https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
    samples=(
        good(WORKLOAD),
        bad(but(WORKLOAD, *_CONTEXT, "allowPrivilegeEscalation", True)),
        bad(but(WORKLOAD, *_CONTEXT, "privileged", True)),
        bad(but(WORKLOAD, *_CONTEXT, "capabilities", {"drop": ["ALL"], "add": ["SYS_ADMIN"]})),
        unknown(later_at(WORKLOAD, *_CONTEXT, "capabilities")),
    ),
)
