"""An image is one version, not whatever was pushed last."""

from collections.abc import Iterator

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.images import TYPES, images, tag
from policies.look import later
from policies.samples import CONTAINER, WORKLOAD, bad, but, good, later_at, unknown

_MOVING = frozenset({"", "latest", "stable", "main", "master", "edge", "nightly"})


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    for where, image in images(resource):
        if image is UNKNOWN:
            yield later(where)
        elif "@" not in str(image) and tag(str(image)) in _MOVING:
            yield f"{where} is '{image}': what that is changes by itself, name a version"


POLICY = Policy(
    name="image-tags",
    title="Images are versions",
    severity="medium",
    remediation="Name the image with its version, better with its digest.",
    framework="NIST SP 800-190 4.2.2",
    types=TYPES,
    judge=_judge,
    url="https://kubernetes.io/docs/concepts/containers/images/#image-names",
    samples=(
        good(WORKLOAD),
        bad(but(WORKLOAD, *CONTAINER, "image", "ghcr.io/aiven-open/karapace")),
        bad(but(WORKLOAD, *CONTAINER, "image", "ghcr.io:443/aiven-open/karapace:latest")),
        unknown(later_at(WORKLOAD, *CONTAINER, "image")),
    ),
)
