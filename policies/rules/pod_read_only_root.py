"""A container writes where it was given room to, and nowhere else."""

from collections.abc import Iterator

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import expect, later, look
from policies.pods import TYPES, containers
from policies.samples import CONTAINER, WORKLOAD, bad, but, good, later_at, unknown


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    for name, container in containers(resource):
        found = look(container, "securityContext", "readOnlyRootFilesystem")
        if container is UNKNOWN:
            yield later(name)
        else:
            what = f"readOnlyRootFilesystem of {name}"
            yield from expect(what, found, found is True, "an intruder can change the programs that it runs")


_READ_ONLY = (*CONTAINER, "securityContext", "readOnlyRootFilesystem")

POLICY = Policy(
    name="pod-read-only-root",
    title="Containers cannot change their own files",
    severity="low",
    remediation="Service owners: set `readOnlyRootFilesystem: true` and mount an emptyDir where it writes.",
    framework="NSA Kubernetes Hardening 1.2, immutable container file systems",
    types=TYPES,
    judge=_judge,
    levels={"dev": "advisory", "staging": "advisory", "prod": "advisory"},
    url="https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
    samples=(
        good(WORKLOAD),
        bad(but(WORKLOAD, *_READ_ONLY, False)),
        unknown(later_at(WORKLOAD, *_READ_ONLY)),
    ),
)
