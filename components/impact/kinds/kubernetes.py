"""What a changed property of any other kind does: nearly all of them change in place.

Owns      the kinds that this repository emits and that run no pods; what of them is immutable.
Refuses   kinds that it does not name (`judge.py` takes the cautious side).
"""

from collections.abc import Iterator, Mapping

from components.impact.contract import DYNAMIC, REPLACES, Context, Effect, ObjectChange
from components.impact.effect import of_rules
from components.impact.kinds import metadata
from components.impact.rule import Rule, rules_for, table

API = "Kubernetes API reference"
VALIDATION = "Kubernetes validation: the property is immutable"
ENVOY = "Envoy Gateway documentation, 'Customize EnvoyProxy'"
STRIMZI = "Strimzi documentation"
SECRETS = "External Secrets Operator documentation"


def _plain(why: str, source: str = API, *immutable: str, because: str = "") -> tuple[Rule, ...]:
    """Everything changes in place but what is named."""
    never = because or "never changes: the object is made again"
    return (*table(source, ("", DYNAMIC, why)), *table(VALIDATION, (immutable, REPLACES, never)))


_RIGHTS = _plain("changes rights at once", API)
_BOUND = _plain("changes rights at once", API, "roleRef")
_FILE = "is written anew in place; pods that mount it see it within minutes"
_ENGINE = (
    "pulumi-kubernetes: enableConfigMapMutable and enableSecretMutable are off, so new content replaces the object"
)


def _file(*more: str) -> tuple[Rule, ...]:
    """Kinds that hold files: the engine deletes and makes them again for other content. No pod restarts for it."""
    paths = ("data", "binaryData", "stringData", "immutable", *more)
    return (
        *table(API, ("", DYNAMIC, _FILE)),
        *table(_ENGINE, (paths, REPLACES, "is a file: the object is made again, and no pod restarts for it")),
    )


RULES: Mapping[str, tuple[Rule, ...]] = {
    "Namespace": _plain("changes the namespace in place; policies that go by its labels follow"),
    "Service": _plain("changes the Service in place; its address stays", API, "spec/clusterIP"),
    "ServiceAccount": _plain("counts for pods that start from now on"),
    "ConfigMap": _file(),
    "Secret": _file("type"),
    "NetworkPolicy": _plain("lets connections through, or no longer, at once"),
    "PodDisruptionBudget": _plain("counts at the next drain of a node"),
    "HorizontalPodAutoscaler": _plain("counts at the autoscaler's next look"),
    "Role": _RIGHTS,
    "ClusterRole": _RIGHTS,
    "RoleBinding": _BOUND,
    "ClusterRoleBinding": _BOUND,
    "ValidatingAdmissionPolicy": _plain("counts for requests from now on"),
    "ValidatingAdmissionPolicyBinding": _plain("counts for requests from now on"),
    "CustomResourceDefinition": _plain("is checked at the next write of an object", API, "spec/group", "spec/scope"),
    "StorageClass": (
        *table(
            "Kubernetes validation: a StorageClass changes in nothing but what is named here",
            ("", REPLACES, "never changes: the class is made again; disks that exist stay as they are"),
            (("allowVolumeExpansion", "mountOptions"), DYNAMIC, "counts for disks from now on"),
        ),
    ),
    "Job": _plain("counts while the Job runs", API, "spec/template", "spec/selector", "spec/completions"),
    "Gateway": _plain("is carried out by the gateway's controller", API, "spec/gatewayClassName"),
    "GatewayClass": _plain("is carried out by the gateway's controller", API, "spec/controllerName"),
    **dict.fromkeys(("TLSRoute", "TCPRoute"), _plain("changes where new connections go")),
    "KafkaRebalance": _plain("is used at the next rebalance", STRIMZI),
    "ExternalSecret": _plain("counts at the next refresh of the secret", SECRETS),
    "SecretStore": _plain("counts at the next refresh of a secret", SECRETS),
    "PushSecret": _plain("counts at the next push of the secret", SECRETS),
    "PodMonitor": _plain("counts at Prometheus' next scrape", "Prometheus Operator documentation"),
    "PrometheusRule": _plain("counts at Prometheus' next evaluation", "Prometheus Operator documentation"),
    "EnvoyProxy": (
        *table(
            ENVOY,
            ("", "pods", "is what the gateway's pods are made from, so connections through it are made anew"),
            (
                ("spec/provider/kubernetes/envoyService", "spec/provider/kubernetes/envoyPDB"),
                DYNAMIC,
                "belongs to objects beside the pods",
            ),
        ),
    ),
}


def judge(change: ObjectChange, context: Context) -> Iterator[Effect]:
    """A changed property of a kind without pods."""
    if change.path[:1] == ("metadata",):
        yield from metadata.judge(change, context, ())
    else:
        yield from of_rules(change, context, rules_for(RULES[change.kind], change))
