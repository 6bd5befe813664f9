"""An image is the one that was reviewed: a digest cannot be moved."""

from collections.abc import Iterator

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.images import TYPES, images
from policies.look import later
from policies.samples import CONTAINER, WORKLOAD, bad, but, good, later_at, unknown


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    for where, image in images(resource):
        if image is UNKNOWN:
            yield later(where)
        elif "@sha256:" not in str(image):
            yield f"{where} is '{image}', which has no digest: a tag can be pushed again"


_IMAGE = (*CONTAINER, "image")
_DIGEST = "ghcr.io/aiven-open/karapace:6.2.3@sha256:" + "0" * 64

POLICY = Policy(
    name="image-digests",
    title="Images are named by digest",
    severity="low",
    remediation="Append `@sha256:…` to the image; look it up once, where the registry is reached.",
    framework="SLSA 1.0 dependency pinning; NIST SP 800-190 4.2.2",
    types=TYPES,
    judge=_judge,
    levels={"dev": "disabled", "staging": "advisory", "prod": "advisory"},
    url="https://kubernetes.io/docs/concepts/containers/images/#image-names",
    samples=(
        good(but(WORKLOAD, *_IMAGE, _DIGEST)),
        bad(WORKLOAD),
        unknown(later_at(WORKLOAD, *_IMAGE)),
    ),
)
