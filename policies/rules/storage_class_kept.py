"""Kafka's volumes outlive their claims, can grow, and lie in the zone of their pod."""

from collections.abc import Iterator

from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import expect, look, yes
from policies.samples import DEV, GONE, STORAGE_CLASS, bad, but, good, later_at, unknown


def _judge(resource: Resource, scope: Scope) -> Iterator[Verdict]:
    kept = look(resource.props, "reclaimPolicy")
    if scope.production and not scope.given_up:
        yield from expect("reclaimPolicy", kept, kept == "Retain", "a deleted claim deletes the records")
    grows = look(resource.props, "allowVolumeExpansion")
    yield from expect("allowVolumeExpansion", grows, yes(grows), "a full disk cannot be made larger")
    binding = look(resource.props, "volumeBindingMode")
    right = binding == "WaitForFirstConsumer"
    yield from expect("volumeBindingMode", binding, right, "a volume may be made in a zone where its pod cannot run")


POLICY = Policy(
    name="storage-class-kept",
    title="Volumes are kept, grow, and lie where their pods run",
    severity="high",
    remediation="Leave the cell's storage classes as they are.",
    framework="NIST SP 800-53 CP-9, SI-12",
    types=("kubernetes:storage.k8s.io/v1:StorageClass",),
    judge=_judge,
    url="https://kubernetes.io/docs/concepts/storage/storage-classes/",
    samples=(
        good(STORAGE_CLASS),
        good(but(STORAGE_CLASS, "reclaimPolicy", "Delete"), scope=DEV, title="not production"),
        bad(but(STORAGE_CLASS, "reclaimPolicy", "Delete")),
        bad(but(STORAGE_CLASS, "allowVolumeExpansion", GONE)),
        bad(but(STORAGE_CLASS, "volumeBindingMode", "Immediate")),
        unknown(later_at(STORAGE_CLASS, "reclaimPolicy")),
    ),
)
