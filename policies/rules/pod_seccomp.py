"""Every container's system calls are filtered."""

from collections.abc import Iterator

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import expect, later, look
from policies.pods import TYPES, containers, pod
from policies.samples import GONE, POD, WORKLOAD, bad, but, good, later_at, unknown


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    whole = look(pod(resource), "securityContext", "seccompProfile", "type")
    for name, container in containers(resource):
        if container is UNKNOWN:
            yield later(name)
            continue
        own = look(container, "securityContext", "seccompProfile", "type")
        found = whole if own is None else own
        right = found in ("RuntimeDefault", "Localhost")
        yield from expect(f"seccompProfile of {name}", found, right, "every system call of the kernel is open to it")


_PROFILE = (*POD, "securityContext", "seccompProfile")

POLICY = Policy(
    name="pod-seccomp",
    title="Containers run under a seccomp profile",
    severity="medium",
    remediation="Service owners: set `seccompProfile: {type: RuntimeDefault}` on the pod.",
    framework="Kubernetes Pod Security Standards, Restricted: Seccomp",
    types=TYPES,
    judge=_judge,
    url="https://kubernetes.io/docs/tutorials/security/seccomp/",
    samples=(
        good(WORKLOAD),
        bad(but(WORKLOAD, *_PROFILE, GONE)),
        bad(but(WORKLOAD, *_PROFILE, "type", "Unconfined")),
        unknown(later_at(WORKLOAD, *_PROFILE)),
    ),
)
