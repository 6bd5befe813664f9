"""Kafka's own certificate authorities are short-lived, renewed in time, and outlive the Kafka object."""

from collections.abc import Iterator

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import expect, look, number
from policies.samples import KAFKA, bad, but, good, later_at, unknown

_USUAL = {"validityDays": 365, "renewalDays": 30}


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    for ca in ("clusterCa", "clientsCa"):
        at = look(resource.props, "spec", ca)
        days, renewal = (look(at, key) if look(at, key) is not None else usual for key, usual in _USUAL.items())
        valid, early = number(days), number(renewal)
        right = valid is not None and valid <= 1096
        yield from expect(f"{ca}.validityDays", days, right, "a key that lives longer than 3 years is not rotated")
        enough = early is not None and early >= 30
        yield from expect(f"{ca}.renewalDays", renewal, enough, "clients need 30 days to take a new authority in")
        kept = look(at, "generateSecretOwnerReference")
        if kept is not UNKNOWN and kept is not False:
            yield f"{ca}.generateSecretOwnerReference is on: the authority's key is deleted with the Kafka object"


_BASE = but(
    but(KAFKA, "spec", "clusterCa", {"generateSecretOwnerReference": False}),
    *("spec", "clientsCa", {"generateSecretOwnerReference": False}),
)

POLICY = Policy(
    name="certificate-authorities",
    title="Certificate authorities are renewed, and kept",
    severity="medium",
    remediation="Leave the certificate settings of the kafka section at their defaults.",
    framework="NIST SP 800-57 part 1, 5.3; NIST SP 800-53 SC-12",
    types=("kubernetes:kafka.strimzi.io/v1:Kafka",),
    judge=_judge,
    url="https://strimzi.io/docs/operators/latest/configuring#type-CertificateAuthority-schema-reference",
    samples=(
        good(_BASE),
        bad(but(_BASE, "spec", "clusterCa", "validityDays", 3650)),
        bad(but(_BASE, "spec", "clientsCa", "renewalDays", 5)),
        bad(KAFKA, title="deleted with the Kafka object, Strimzi's default"),
        unknown(later_at(_BASE, "spec", "clusterCa", "validityDays")),
    ),
)
