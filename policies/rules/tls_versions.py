"""Only versions of TLS that are not broken."""

from collections.abc import Iterator

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import later, look
from policies.samples import KAFKA, bad, but, good, later_at, unknown

_KEYS = ("ssl.enabled.protocols", "ssl.protocol")
_SAFE = frozenset({"TLSv1.2", "TLSv1.3"})


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    config = look(resource.props, "spec", "kafka", "config")
    for key in _KEYS:
        found = look(config, key)
        if found is UNKNOWN:
            yield later(key)
        elif found is not None:
            named = [one.strip() for one in str(found).split(",")]
            for old in sorted(set(named) - _SAFE):
                yield f"{key} lets clients use '{old}': TLS 1.2 and 1.3 are the ones without known breaks"


POLICY = Policy(
    name="tls-versions",
    title="Only TLS 1.2 and 1.3",
    severity="high",
    remediation="Take `ssl.enabled.protocols` out of the cluster's `config`.",
    framework="NIST SP 800-52 rev. 2, 3.1; PCI DSS 4.0 4.2.1",
    types=("kubernetes:kafka.strimzi.io/v1:Kafka",),
    judge=_judge,
    url="https://www.rfc-editor.org/rfc/rfc8996",
    samples=(
        good(but(KAFKA, "spec", "kafka", "config", "ssl.enabled.protocols", "TLSv1.3,TLSv1.2")),
        good(KAFKA, title="Kafka's default is 1.2 and 1.3"),
        bad(but(KAFKA, "spec", "kafka", "config", "ssl.enabled.protocols", "TLSv1.2,TLSv1.1")),
        unknown(later_at(KAFKA, "spec", "kafka", "config", "ssl.enabled.protocols")),
    ),
)
