"""The kinds of mutation of a Kubernetes object: those of any request, and what only Kubernetes can be given wrong.

Owns      wrong names, labels, annotations, quantities and ports, and values that break a rule between fields.
Refuses   references: whether a Secret or a class exists is no API server's question.
"""

import re
from collections.abc import Mapping
from random import Random
from typing import Any

from sandbox.contract import Record
from tools.mutations import kinds
from tools.mutations.edit import Edit, Path, at, walk
from tools.mutations.kinds import Drawn, Kind, Known

_QUANTITY = re.compile(r"\d+(\.\d+)?(m|k|[KMGTP]i?)?")
_MEASURES = frozenset({"cpu", "memory", "storage", "size", "ephemeral-storage", "sizeLimit", "averageValue", "divisor"})
_PORTS = frozenset({"port", "containerPort", "targetPort", "nodePort", "endPort"})
_RULES: Mapping[str, tuple[tuple[Path, Any], ...]] = {
    "Kafka": (
        (("spec", "kafka", "rack"), {"topologyKey": ""}),
        (("spec", "kafka", "metricsConfig"), {"type": "jmxPrometheusExporter"}),
        (("spec", "cruiseControl", "metricsConfig"), {"type": "strimziMetricsReporter"}),
    ),
    "KafkaBridge": ((("spec", "rack"), {"type": "environment-variable", "envVarName": ""}),),
    "KafkaConnect": (
        (("spec", "rack"), {"type": "topology-label", "topologyKey": ""}),
        (("spec", "metricsConfig"), {"type": "jmxPrometheusExporter"}),
    ),
    "KafkaMirrorMaker2": ((("spec", "metricsConfig"), {"type": "jmxPrometheusExporter"}),),
    "KafkaUser": (
        (("spec", "authentication"), {"type": "scram-sha-512", "validityDays": 30}),
        (("spec", "authentication"), {"type": "tls", "renewalDays": 30}),
        (("spec", "authentication"), {"type": "tls", "renewalDays": 90, "validityDays": 30}),
    ),
    "Deployment": (
        (("spec", "selector"), {"matchLabels": {"app": "another"}}),
        (("spec", "strategy"), {"type": "Recreate", "rollingUpdate": {"maxSurge": 1}}),
        (("spec", "strategy"), {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 0}}),
    ),
    "StatefulSet": ((("spec", "selector"), {"matchLabels": {"app": "another"}}),),
    "HorizontalPodAutoscaler": (
        (("spec", "minReplicas"), 50),
        (("spec", "maxReplicas"), 0),
    ),
    "PodDisruptionBudget": (
        (("spec", "minAvailable"), 1),
        (("spec", "maxUnavailable"), "150%"),
    ),
    "NetworkPolicy": (
        (("spec", "ingress"), [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["11.0.0.0/16"]}}]}]),
        (("spec", "egress"), [{"ports": [{"port": 90, "endPort": 80, "protocol": "TCP"}]}]),
    ),
}


def bad_name(record: Record, _known: Known, random: Random) -> Drawn:
    """A name or namespace that is no DNS name."""
    path: Path = (
        "metadata",
        random.choice(["name", "namespace"] if at(record.inputs, ("metadata", "namespace")) else ["name"]),
    )
    name = str(at(record.inputs, path))
    wrong = [
        name.upper(),
        name.replace("-", "_") + "_x",
        f"{name}-",
        f"-{name}",
        "x" * 254,
        "",
        f"{name}/x",
        f"{name} ",
    ]
    return [Edit("set", path, random.choice(wrong))]


def bad_label(record: Record, _known: Known, random: Random) -> Drawn:
    """A label or selector whose key or value is none."""
    holders: list[Path] = [
        path for path, value in walk(record.inputs) if path[-1] in {"labels", "matchLabels"} and value
    ]
    holders.append(("metadata", "labels"))
    path = random.choice(holders)
    key, value = random.choice(
        [
            ("app", "two words"),
            ("app", "x" * 64),
            ("bad key", "x"),
            ("a/b/c", "x"),
            ("-app", "x"),
            ("app", "-"),
            ("", "x"),
        ]
    )
    held = at(record.inputs, path)
    return [Edit("set", path, {**(held if isinstance(held, Mapping) else {}), key: value})]


def bad_annotation(record: Record, _known: Known, random: Random) -> Drawn:
    """An annotation whose key is none, or whose value is no text."""
    key, value = random.choice(
        [("bad key", "x"), ("a/b/c", "x"), ("", "x"), ("team", 7), ("team", True), ("team", {"a": "b"})]
    )
    held = at(record.inputs, ("metadata", "annotations")) or {}
    return [Edit("set", ("metadata", "annotations"), {**held, key: value})]


def bad_quantity(record: Record, _known: Known, random: Random) -> Drawn:
    """A quantity with a wrong unit, none, or below nothing."""
    found = [
        path
        for path, value in walk(record.inputs)
        if path[-1] in _MEASURES and isinstance(value, str) and _QUANTITY.fullmatch(value)
    ]
    if not found:
        return None
    path = random.choice(found)
    value = str(at(record.inputs, path))
    wrong = [
        f"{value}B",
        value.replace("i", "") + "B",
        f"{value} ",
        f"-{value}",
        "lots",
        "",
        value.lower() + "ib",
        "1,5Gi",
    ]
    return [Edit("set", path, random.choice(wrong))]


def bad_port(record: Record, _known: Known, random: Random) -> Drawn:
    """A port that no machine has, or a name that no port can have."""
    found = [path for path, _value in walk(record.inputs) if path[-1] in _PORTS]
    return (
        [Edit("set", random.choice(found), random.choice([0, -1, 65536, 70000, "No_Port", "x" * 16]))]
        if found
        else None
    )


def broken_rule(record: Record, _known: Known, random: Random) -> Drawn:
    """Values that are each allowed and not together: rules in CEL, and those that are written in Go."""
    rules = _RULES.get(record.type.rpartition(":")[2], ())
    rules = tuple(one for one in rules if isinstance(at(record.inputs, one[0][:-1]), Mapping))
    if not rules:
        return None
    path, value = random.choice(rules)
    return [Edit("set", path, value)] if at(record.inputs, path) != value else None


def missing_required(record: Record, _known: Known, random: Random) -> Drawn:
    """The object without one of its first things: kind, version, metadata, name, or a field just under its spec."""
    tops: list[Path] = [("metadata",), ("metadata", "name"), ("spec",)]
    spec = record.inputs.get("spec")
    tops += [("spec", key) for key in sorted(spec)] if isinstance(spec, Mapping) else []
    there = [path for path in tops if at(record.inputs, path) is not None]
    return [Edit("drop", random.choice(there))]


_NOT_OF_OBJECTS = frozenset({"unknown reference", "sibling's value", "misspelt policy"})

KINDS: Mapping[str, Kind] = {
    **{name: kind for name, kind in kinds.KINDS.items() if name not in _NOT_OF_OBJECTS},
    "bad name": bad_name,
    "bad label": bad_label,
    "bad annotation": bad_annotation,
    "bad quantity": bad_quantity,
    "bad port": bad_port,
    "broken rule": broken_rule,
    "missing required": missing_required,
}
