"""Whose it is stands on every object in Kubernetes: as an annotation, for labels reach pods and restart them."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.contract import UNKNOWN, Later, Policy, Resource, Scope, Verdict
from policies.look import later, look
from policies.samples import TOPIC, WORKLOAD, bad, but, good, later_at, unknown

_KEY = "kafka-fleet/owner"
_ALSO = "owner"
"""What a cell's objects have: the tags of the cell."""


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    metadata = look(resource.props, "metadata")
    if metadata is None and resource.type.endswith(":Release"):
        return
    found = look(metadata, "annotations")
    if UNKNOWN in (metadata, found) or look(found, _KEY) is UNKNOWN:
        yield later("metadata.annotations")
    elif not look(found, _KEY) and not look(found, _ALSO):
        yield f"annotation {_KEY} is not set: nobody knows whom to ask about it"


def _remedy(resource: Resource, scope: Scope) -> Mapping[str, Any]:
    verdicts = list(_judge(resource, scope))
    if not scope.tags.get("owner") or not verdicts or any(isinstance(one, Later) for one in verdicts):
        return resource.props
    metadata = look(resource.props, "metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    usual = metadata.get("annotations")
    annotations = {**(usual if isinstance(usual, Mapping) else {}), _KEY: scope.tags["owner"]}
    return {**resource.props, "metadata": {**metadata, "annotations": annotations}}


_ANNOTATIONS = ("metadata", "annotations")

POLICY = Policy(
    name="object-owner",
    title="Every object in Kubernetes says whose it is",
    severity="low",
    remediation="Nothing: where the level is `remediate`, the annotation is added from the fleet files.",
    framework="NIST SP 800-53 CM-8",
    types=("kubernetes:*",),
    judge=_judge,
    remedy=_remedy,
    levels={"dev": "remediate", "staging": "remediate", "prod": "remediate"},
    url="https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/",
    samples=(
        good(but(TOPIC, *_ANNOTATIONS, {_KEY: "payments"})),
        good(but(WORKLOAD, *_ANNOTATIONS, {_ALSO: "platform"}), title="a cell's"),
        bad(TOPIC),
        unknown(later_at(TOPIC, *_ANNOTATIONS)),
    ),
)
