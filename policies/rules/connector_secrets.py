"""No secret stands in a connector's configuration: it refers to one."""

import re
from collections.abc import Iterator, Mapping

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import later, look
from policies.samples import bad, but, good, kube, later_at, unknown

_NAMED = re.compile(r"(?i)(password|secret|token|jaas\.config|private\.?key|access\.key)(\.|$)")
_REFERENCE = re.compile(r"\$\{[a-z]+:[^}]+\}")


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    config = look(resource.props, "spec", "config")
    if config is UNKNOWN:
        yield later("spec.config")
    for key, value in sorted(config.items()) if isinstance(config, Mapping) else ():
        if not _NAMED.search(key):
            continue
        if value is UNKNOWN:
            yield later(f"spec.config.{key}")
        elif value and not _REFERENCE.search(str(value)):
            # The value is not repeated: it is what must not be seen.
            yield f"spec.config.{key} holds the secret itself, for whoever reads the object or Connect's REST API"


_CONNECTOR = kube(
    "kafka.strimzi.io/v1:KafkaConnector",
    {
        "class": "io.example.Sink",
        "tasksMax": 1,
        "config": {"topics": "payments", "connection.password": "${secrets:kafka-orders/billing.store:password}"},
    },
    name="billing.archive",
)

POLICY = Policy(
    name="connector-secrets",
    title="Connectors refer to secrets",
    severity="high",
    remediation="Declare the secret in the app's `secrets`, and refer to it in the connector's `config`.",
    framework="NIST SP 800-53 IA-5(7); CIS Controls 8.1 3.11",
    types=("kubernetes:kafka.strimzi.io/v1:KafkaConnector",),
    judge=_judge,
    url="https://strimzi.io/docs/operators/latest/deploying#assembly-loading-config-with-providers-str",
    samples=(
        good(_CONNECTOR),
        bad(but(_CONNECTOR, "spec", "config", "connection.password", "hunter2")),
        unknown(later_at(_CONNECTOR, "spec", "config", "connection.password")),
    ),
)
