"""Software whose licence forbids it is not offered to outsiders."""

from collections.abc import Iterator
from dataclasses import replace

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.images import TYPES, images, registry
from policies.look import later, matches
from policies.samples import CONTAINER, PROD, WORKLOAD, bad, but, good, later_at, unknown

_BOUND = ("*/confluentinc/cp-*",)
"""Images under the Confluent Community License, which excludes offering them as a competing service."""


def _judge(resource: Resource, scope: Scope) -> Iterator[Verdict]:
    if not scope.offered_as_a_service:
        return
    for where, image in images(resource):
        if image is UNKNOWN:
            yield later(where)
        elif matches(registry(str(image)), scope.settings.get("bound", _BOUND)):
            yield f"{where} is '{image}', whose licence excludes offering it to others as a service"


_OFFERED = replace(PROD, offered_as_a_service=True)
_CONFLUENT = but(WORKLOAD, *CONTAINER, "image", "docker.io/confluentinc/cp-schema-registry:8.3.1")

POLICY = Policy(
    name="licence",
    title="What is offered as a service may be",
    severity="high",
    remediation="Use an implementation under apache-2.0, e.g. `implementation: karapace`.",
    framework="Confluent Community License 1.0, section 1.2",
    types=TYPES,
    judge=_judge,
    settings={
        "type": "object",
        "additionalProperties": False,
        "properties": {"bound": {"type": "array", "items": {"type": "string", "minLength": 3}}},
    },
    url="https://www.confluent.io/confluent-community-license/",
    samples=(
        good(WORKLOAD, scope=_OFFERED),
        good(_CONFLUENT, title="used by the company alone"),
        bad(_CONFLUENT, scope=_OFFERED),
        unknown(later_at(WORKLOAD, *CONTAINER, "image"), scope=_OFFERED),
    ),
)
