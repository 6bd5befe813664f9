"""Upgrades of nodes take one pod of a workload at a time."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import at_least, later, look, unsure
from policies.samples import WORKLOAD, bad, but, good, kube, later_at, unknown

_BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
_WORKLOADS = ("kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet")


def _judge(resources: Sequence[Resource], scope: Scope) -> Iterator[Verdict]:
    if not scope.production:
        return
    budgets = [look(one.props, "spec", "selector", "matchLabels") for one in resources if one.type == _BUDGET]
    for one in resources:
        replicas = look(one.props, "spec", "replicas")
        if one.type not in _WORKLOADS or not (replicas is UNKNOWN or at_least(replicas, 2)):
            continue
        labels = look(one.props, "spec", "template", "metadata", "labels")
        if any(_selects(budget, labels) for budget in budgets):
            continue
        if unsure([budgets, replicas, labels]):
            yield later(f"whether '{one.name}' has a budget")
        else:
            yield f"'{look(one.props, 'metadata', 'name')}' has no PodDisruptionBudget: an upgrade may take all pods"


def _selects(selector: Any, labels: Any) -> bool:
    if not isinstance(selector, Mapping) or not isinstance(labels, Mapping):
        return False
    return bool(selector) and selector.items() <= labels.items()


_ONE = kube(
    "policy/v1:PodDisruptionBudget",
    {"maxUnavailable": 1, "selector": {"matchLabels": {"app.kubernetes.io/name": "registry"}}},
    name="registry",
)

POLICY = Policy(
    name="disruption-budgets",
    title="Upgrades of nodes leave workloads running",
    severity="medium",
    remediation="Service owners: give the workload a PodDisruptionBudget that selects its pods.",
    framework="NIST SP 800-53 CP-2, SC-5",
    types=(_BUDGET, *_WORKLOADS),
    judge_stack=_judge,
    url="https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
    samples=(
        good(WORKLOAD, _ONE),
        good(but(WORKLOAD, "spec", "replicas", 1), title="one pod cannot be kept running"),
        bad(WORKLOAD),
        bad(WORKLOAD, but(_ONE, "spec", "selector", "matchLabels", {"app.kubernetes.io/name": "other"})),
        unknown(WORKLOAD, later_at(_ONE, "spec", "selector", "matchLabels")),
    ),
)
