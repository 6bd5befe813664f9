"""No container runs as root."""

from collections.abc import Iterator

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import expect, later, look
from policies.pods import TYPES, containers, pod
from policies.samples import CONTAINER, POD, WORKLOAD, bad, but, good, later_at, unknown


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    whole = look(pod(resource), "securityContext", "runAsNonRoot")
    for name, container in containers(resource):
        if container is UNKNOWN:
            yield later(name)
            continue
        own = look(container, "securityContext", "runAsNonRoot")
        found = whole if own is None else own
        yield from expect(
            f"runAsNonRoot of {name}", found, found is True, "root inside is root on the node when it escapes"
        )
        if look(container, "securityContext", "runAsUser") == 0:
            yield f"runAsUser of {name} is 0: that is root"


POLICY = Policy(
    name="pod-nonroot",
    title="Containers do not run as root",
    severity="high",
    remediation="Service owners: set `runAsNonRoot: true` in the pod's securityContext.",
    framework="Kubernetes Pod Security Standards, Restricted: Running as Non-root; NSA Kubernetes Hardening 1.2",
    types=TYPES,
    judge=_judge,
    url="https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
    samples=(
        good(WORKLOAD),
        bad(but(WORKLOAD, *POD, "securityContext", "runAsNonRoot", False)),
        bad(but(WORKLOAD, *CONTAINER, "securityContext", "runAsNonRoot", False), title="one container of it"),
        unknown(later_at(WORKLOAD, *POD, "securityContext", "runAsNonRoot")),
    ),
)
