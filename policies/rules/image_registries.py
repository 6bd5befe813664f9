"""Images come from registries that somebody has approved."""

from collections.abc import Iterator

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.images import TYPES, images, registry
from policies.look import later, matches
from policies.samples import CONTAINER, WORKLOAD, bad, but, given, good, later_at, unknown

_USUAL = (
    "docker.io/confluentinc/*",
    "docker.io/envoyproxy/*",
    "docker.io/library/*",
    "ghcr.io/aiven-open/*",
    "ghcr.io/kafbat/*",
    "quay.io/jetstack/*",
    "quay.io/strimzi/*",
    "registry.*.internal/*",
    "registry.k8s.io/*",
    "*.dkr.ecr.*.amazonaws.com/*",
    "*.pkg.dev/*",
    "*.azurecr.io/*",
)
"""What this repository's own components run, and the clouds' private registries."""


def _judge(resource: Resource, scope: Scope) -> Iterator[Verdict]:
    approved = scope.settings.get("approved", _USUAL)
    for where, image in images(resource):
        if image is UNKNOWN:
            yield later(where)
        elif not image or not matches(registry(str(image)), approved):
            yield f"{where} is '{image or ''}', from no approved registry (approved: {', '.join(approved)})"


POLICY = Policy(
    name="image-registries",
    title="Images come from approved registries",
    severity="high",
    remediation="Mirror the image into an approved registry, or add its registry to the policy's settings.",
    framework="NIST SP 800-190 4.2; CIS Kubernetes 5.5.1",
    types=TYPES,
    judge=_judge,
    settings={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "approved": {
                "type": "array",
                "minItems": 1,
                "items": {"type": "string", "minLength": 3},
                "description": "Shell patterns of images without their tags.",
            }
        },
    },
    url="https://csrc.nist.gov/pubs/sp/800/190/final",
    samples=(
        good(WORKLOAD),
        bad(but(WORKLOAD, *CONTAINER, "image", "docker.io/somebody/registry:1")),
        bad(but(WORKLOAD, *CONTAINER, "image", "somebody/registry:1"), title="Docker's own registry, unsaid"),
        bad(WORKLOAD, scope=given(approved=["registry.acme.internal/*"]), title="stricter by setting"),
        unknown(later_at(WORKLOAD, *CONTAINER, "image")),
    ),
)
