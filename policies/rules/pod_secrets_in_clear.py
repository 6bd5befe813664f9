"""No secret stands in a pod's environment: it is mounted, or referred to."""

import re
from collections.abc import Iterator

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import items, later, look
from policies.pods import TYPES, containers
from policies.samples import CONTAINER, WORKLOAD, bad, but, good, later_at, unknown

_NAMED = re.compile(r"(?i)(^|_)(password|passwd|secret|token|api_?key|private_?key)$")


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    for name, container in containers(resource):
        for variable in items(container, "env"):
            key = look(variable, "name")
            if UNKNOWN in (variable, key):
                yield later(f"an environment variable of {name}")
            elif _NAMED.search(str(key)):
                value = look(variable, "value")
                if value is UNKNOWN:
                    yield later(f"{key} of {name}")
                elif value:
                    # The value is not repeated: it is what must not be seen.
                    yield f"{key} of {name} holds the secret itself, for whoever may read the object"


_ENVIRONMENT = (*CONTAINER, "env")
_REFERRED = {"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}}

POLICY = Policy(
    name="pod-secrets-in-clear",
    title="Pods refer to secrets",
    severity="high",
    remediation="Keep the secret in a store, and refer to it with `valueFrom` or a mounted file.",
    framework="CIS Kubernetes 5.4.1; NIST SP 800-53 IA-5(7)",
    types=TYPES,
    judge=_judge,
    url="https://kubernetes.io/docs/concepts/configuration/secret/",
    samples=(
        good(but(WORKLOAD, *_ENVIRONMENT, [_REFERRED])),
        bad(but(WORKLOAD, *_ENVIRONMENT, [{"name": "DB_PASSWORD", "value": "hunter2"}])),
        unknown(later_at(but(WORKLOAD, *_ENVIRONMENT, [{"name": "DB_PASSWORD"}]), *_ENVIRONMENT, 0, "value")),
    ),
)
