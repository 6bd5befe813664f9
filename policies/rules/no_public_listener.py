"""No way from the internet to Kafka in production, but for listed addresses."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import items, later, look, names, unsure
from policies.samples import DEV, KAFKA, LISTENER, bad, but, given, good, kube, unknown

_INTERNAL = {
    "service.beta.kubernetes.io/aws-load-balancer-internal": ("true",),
    "service.beta.kubernetes.io/aws-load-balancer-scheme": ("internal",),
    "service.beta.kubernetes.io/azure-load-balancer-internal": ("true",),
    "networking.gke.io/load-balancer-type": ("Internal",),
    "cloud.google.com/load-balancer-type": ("Internal",),
}
_ANYWHERE = ("0.0.0.0/0", "::/0")


def _judge(resource: Resource, scope: Scope) -> Iterator[Verdict]:
    if not scope.production:
        return
    for name, annotations, ranges in _balancers(resource):
        if _internal(annotations):
            continue
        if unsure([annotations, ranges]):
            yield later(name)
        else:
            listed = ranges and not set(ranges) & set(_ANYWHERE)
            if not listed:
                yield f"{name} is open to the internet, for every address"
            elif not scope.settings.get("allow_listed", True):
                yield f"{name} is open to the internet, if only for {', '.join(map(str, ranges))}"


def _balancers(resource: Resource) -> Iterator[tuple[str, Any, Any]]:
    """Each load balancer that an object asks for: name, annotations, and the ranges that may reach it."""
    spec = look(resource.props, "spec")
    if resource.type.endswith(":Service") and look(spec, "type") == "LoadBalancer":
        yield "the service", look(resource.props, "metadata", "annotations"), names(spec, "loadBalancerSourceRanges")
    if resource.type.endswith(":EnvoyProxy"):
        service = look(spec, "provider", "kubernetes", "envoyService")
        if look(service, "type") in (None, "LoadBalancer"):
            yield "the gateway", look(service, "annotations"), names(service, "loadBalancerSourceRanges")
    if resource.type.endswith(":Kafka"):
        for index, listener in enumerate(items(spec, "kafka", "listeners")):
            kind, name = look(listener, "type"), f"listener {look(listener, 'name') or index}"
            if UNKNOWN in (listener, kind):
                yield name, UNKNOWN, ()
            elif kind in ("loadbalancer", "nodeport"):
                config = look(listener, "configuration")
                ranges = names(config, "loadBalancerSourceRanges") or names(
                    config, "bootstrap", "loadBalancerSourceRanges"
                )
                yield name, look(config, "bootstrap", "annotations"), ranges


def _internal(annotations: Any) -> bool:
    if not isinstance(annotations, Mapping):
        return False
    return any(str(annotations.get(key)) in values for key, values in _INTERNAL.items())


def _kafka(**configuration: Any) -> Resource:
    return but(
        KAFKA,
        *("spec", "kafka", "listeners"),
        [{**LISTENER, "name": "network", "type": "loadbalancer", "configuration": configuration}],
    )


_INSIDE = {"annotations": {"service.beta.kubernetes.io/aws-load-balancer-internal": "true"}}
_OFFICES = ["198.51.100.0/24"]

POLICY = Policy(
    name="no-public-listener",
    title="Production is not open to the internet",
    severity="critical",
    remediation="Use `reachability: private` or `peered` for the cell, or list who may come in `network.allow`.",
    framework="NIST SP 800-53 SC-7; CIS Controls 8.1 12.2",
    types=(
        "kubernetes:core/v1:Service",
        "kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyProxy",
        "kubernetes:kafka.strimzi.io/v1:Kafka",
    ),
    judge=_judge,
    settings={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "allow_listed": {"type": "boolean", "description": "Whether listed source ranges may come in."},
        },
    },
    url="https://strimzi.io/docs/operators/latest/configuring#type-GenericKafkaListenerConfiguration-schema-reference",
    samples=(
        good(KAFKA, title="inside only"),
        good(_kafka(bootstrap=_INSIDE)),
        good(_kafka(loadBalancerSourceRanges=_OFFICES), title="for listed addresses"),
        good(_kafka(), scope=DEV, title="not production"),
        bad(_kafka()),
        bad(_kafka(loadBalancerSourceRanges=["0.0.0.0/0"])),
        bad(_kafka(loadBalancerSourceRanges=_OFFICES), scope=given(allow_listed=False), title="stricter by setting"),
        bad(kube("core/v1:Service", {"type": "LoadBalancer", "ports": [{"port": 9093}]}), title="a plain service"),
        unknown(_kafka(bootstrap={"annotations": UNKNOWN})),
    ),
)
