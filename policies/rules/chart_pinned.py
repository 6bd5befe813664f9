"""A chart is one version from an approved place."""

import re
from collections.abc import Iterator

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import expect, later, look, matches
from policies.samples import GONE, bad, but, good, later_at, unknown

_EXACT = re.compile(r"^v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$")
_USUAL = (
    "oci://quay.io/strimzi-helm/*",
    "oci://quay.io/jetstack/charts/*",
    "oci://docker.io/envoyproxy/*",
    "https://kubernetes-sigs.github.io/external-dns/*",
    "oci://registry.*.internal/*",
)


def _judge(resource: Resource, scope: Scope) -> Iterator[Verdict]:
    chart, version = look(resource.props, "chart"), look(resource.props, "version")
    digest = isinstance(chart, str) and "@sha256:" in chart
    exact = digest or (isinstance(version, str) and bool(_EXACT.match(version)))
    yield from expect("version", version, exact, "a range or nothing is whatever is newest when it runs")
    repository = look(resource.props, "repositoryOpts", "repo")
    if UNKNOWN in (chart, repository):
        yield later("chart")
        return
    source = f"{str(repository).rstrip('/')}/{chart}" if repository else str(chart)
    approved = scope.settings.get("approved", _USUAL)
    if not matches(source, approved):
        yield f"chart is '{source}', from no approved place (approved: {', '.join(approved)})"


_RELEASE = Resource(
    "kubernetes:helm.sh/v3:Release",
    "operator",
    {"chart": "oci://quay.io/strimzi-helm/strimzi-kafka-operator", "version": "1.2.0", "namespace": "strimzi-system"},
)

POLICY = Policy(
    name="chart-pinned",
    title="Charts are versions from approved places",
    severity="high",
    remediation="Name the chart's exact version in the cell, and its digest in `chart_digest`.",
    framework="SLSA 1.0 dependency pinning; NIST SP 800-53 CM-2",
    types=("kubernetes:helm.sh/v3:Release",),
    judge=_judge,
    settings={
        "type": "object",
        "additionalProperties": False,
        "properties": {"approved": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 3}}},
    },
    url="https://helm.sh/docs/topics/registries/",
    samples=(
        good(_RELEASE),
        bad(but(_RELEASE, "version", "^1.0.0")),
        bad(but(_RELEASE, "version", GONE)),
        bad(but(_RELEASE, "chart", "oci://ghcr.io/somebody/strimzi")),
        unknown(later_at(_RELEASE, "version")),
    ),
)
