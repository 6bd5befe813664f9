"""No pod shares anything of its node."""

from collections.abc import Iterator

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import items, later, look, yes
from policies.pods import TYPES, containers, pod
from policies.samples import CONTAINER, POD, WORKLOAD, bad, but, good, later_at, unknown


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    spec = pod(resource)
    for key in ("hostNetwork", "hostPID", "hostIPC"):
        found = look(spec, key)
        if found is UNKNOWN:
            yield later(key)
        elif yes(found):
            yield f"{key} is on: the pod is inside of its node, not beside it"
    for index, volume in enumerate(items(spec, "volumes")):
        if volume is UNKNOWN:
            yield later(f"volume {index}")
        elif look(volume, "hostPath") is not None:
            yield f"volume '{look(volume, 'name')}' is a folder of the node"
    for name, container in containers(resource):
        if any(look(port, "hostPort") for port in items(container, "ports") if port is not UNKNOWN):
            yield f"{name} takes a port of the node, past every network policy"


POLICY = Policy(
    name="pod-host-access",
    title="Pods share nothing with their node",
    severity="critical",
    remediation="Service owners: use a Service instead of host ports, and a volume claim instead of a hostPath.",
    framework="Kubernetes Pod Security Standards, Baseline: Host Namespaces, HostPath Volumes, Host Ports",
    types=TYPES,
    judge=_judge,
    url="https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline",
    samples=(
        good(WORKLOAD),
        bad(but(WORKLOAD, *POD, "hostNetwork", True)),
        bad(but(WORKLOAD, *POD, "volumes", [{"name": "logs", "hostPath": {"path": "/var/log"}}])),
        bad(but(WORKLOAD, *CONTAINER, "ports", [{"containerPort": 8081, "hostPort": 8081}])),
        unknown(later_at(WORKLOAD, *POD, "volumes")),
    ),
)
