"""Changes of any size, made up by a seed: a plan and its previews, as a company's day would bring them.

Owns      plausible words, numbers and proportions: most stacks get a dynamic change, some restart, few go.
Refuses   a fleet: reports are made of documents alone.
"""

import random
from collections.abc import Iterator

from components.impact import contract
from stacks.plan.document import Affected, Bill, Cost, CostLine, Effect, Estimate, Plan, Refusal, Through
from stacks.run.outcome import Outcome, PolicyViolation, PropertyChange, ResourceChange
from stacks.run.report import Report

_TEAMS = ("payments", "orders", "fraud", "search", "logistics", "identity", "analytics", "billing")
_RINGS = (("canary", "dev"), ("early", "staging"), ("prod-1", "prod"), ("prod-2", "prod"))
_SERVICES = ("kafka", "connect", "ksqldb", "schema_registry")
_WEIGHTS = {
    contract.DYNAMIC: 60,
    contract.NONE: 12,
    contract.rolls("connect"): 10,
    contract.ROLLS_BROKERS: 10,
    contract.ROLLS_CONTROLLERS: 3,
    contract.MOVES_DATA: 2,
    contract.REPLACES: 1,
    contract.IRREVERSIBLE: 1,
    contract.DELETES: 1,
}
_REASONS = {
    contract.DYNAMIC: "the brokers take `log.retention.ms` without a restart",
    contract.NONE: "an annotation of the namespace changes",
    contract.rolls("connect"): "3 Connect workers restart one after the other: their plugins are another image",
    contract.ROLLS_BROKERS: "6 brokers restart one after the other: `num.network.threads` is set by Strimzi at start",
    contract.ROLLS_CONTROLLERS: "3 controllers restart: the version of Kafka goes from 4.2.1 to 4.3.1",
    contract.MOVES_DATA: "brokers 3 to 5 are emptied by Cruise Control before they end: 2.1 TiB move",
    contract.REPLACES: "the node pool is replaced: its machines have another disk type",
    contract.IRREVERSIBLE: "the metadata version cannot be lowered again",
    contract.DELETES: "the stack ends: its tombstone of 2026-10-01 has passed its waiting time",
}


def plan(stacks: int, seed: int = 6) -> Plan:
    """A plan with that many affected stacks."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    affected = tuple(_affected(draw, n) for n in range(stacks))
    bills = tuple(_bills(draw, affected))
    return Plan(
        base="7f3c" * 10,
        head="c0de" * 10,
        stacks=affected,
        refusals=tuple(_refusals(draw, affected)),
        cost=Cost(
            catalogue="prices of 2026-11-01",
            before=sum(one.before for one in bills),
            after=sum(one.after for one in bills),
            bills=bills,
        ),
        estimate=Estimate(seconds=600 + 4 * stacks, formula="4 waves, 32 stacks at a time"),
        notes=("the base is a shallow clone: renames were looked for within 50 commits",) if stacks > 1 else (),
    )


def preview(planned: Plan, seed: int = 6) -> Report:
    """What an engine would have said of it."""
    draw = random.Random(seed + 1)  # noqa: S311 - no secret
    return Report(
        operation="preview",
        seconds=42.0,
        outcomes=tuple(_outcome(draw, one) for one in sorted(planned.stacks, key=lambda each: each.stack)),
    )


def _affected(draw: random.Random, n: int) -> Affected:
    team, (ring, environment) = draw.choice(_TEAMS), draw.choice(_RINGS)
    service, cluster = draw.choice(_SERVICES), f"{team}-{n:04d}"
    impact = draw.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
    file = f"fleet/clusters/{team}/{cluster}.yaml"
    effects = (_effect(draw, impact, file, cluster), *(_extra(draw, file, cluster) for _ in range(draw.choice((0, 1)))))
    return Affected(
        stack=f"{service}.{cluster}",
        kind="service",
        action="delete" if impact == contract.DELETES else "create" if impact == contract.NONE else "update",
        cell=f"aws-euw1-{environment}",
        cluster=cluster,
        service=service,
        owner=team,
        environment=environment,
        production=environment == "prod",
        ring=ring,
        wave=1 + [name for name, _ in _RINGS].index(ring),
        file=file,
        through=(Through(kind="profile", file="fleet/profiles/critical.yaml", line=12, what="services.kafka.config"),),
        impact=impact,
        effects=() if impact == contract.NONE else effects,
        estimate=Estimate(seconds=0 if impact in (contract.NONE, contract.DYNAMIC) else draw.randint(60, 4000)),
    )


def _effect(draw: random.Random, impact: str, file: str, cluster: str) -> Effect:
    nodes = tuple(f"{cluster}-broker-{n}" for n in range(6)) if contract.severity(impact) > 1 else ()
    return Effect(
        impact=impact,
        reason=_REASONS[impact],
        file=file,
        line=draw.randint(3, 90),
        column=draw.randint(3, 20),
        path="services.kafka.config.num.network.threads",
        old="3",
        new="8",
        object=f"Kafka/{cluster}",
        nodes=nodes,
        estimate=Estimate(seconds=180 * len(nodes), formula="6 pods × 180 s" if nodes else ""),
        source="https://strimzi.io/docs/operators/1.2.0/configuring.html",
    )


def _extra(draw: random.Random, file: str, cluster: str) -> Effect:
    return _effect(draw, contract.DYNAMIC, file, cluster)


def _refusals(draw: random.Random, affected: tuple[Affected, ...]) -> Iterator[Refusal]:
    for one in affected:
        if one.impact == contract.IRREVERSIBLE:
            yield Refusal(
                file=one.file,
                line=draw.randint(3, 90),
                column=9,
                code="controllers-immutable",
                message=f"the number of controllers of '{one.cluster}' is 5, and was 3",
                allowed="3",
                hint="make another cluster and move to it",
            )


def _bills(draw: random.Random, affected: tuple[Affected, ...]) -> Iterator[Bill]:
    for one in affected:
        if contract.severity(one.impact) > 2:
            before, after = draw.uniform(100, 3000), draw.uniform(100, 3000)
            what = "6 × m6i.xlarge in eu-west-1"
            line = CostLine(what=what, part="compute", before=before, after=after, formula="6 × 0.192 × 730 h")
            missing = ("traffic to the internet",)
            yield Bill(name=f"cluster.{one.cluster}", before=before, after=after, lines=(line,), not_counted=missing)


_OPERATIONS = {contract.REPLACES: "replace", contract.DELETES: "delete", contract.NONE: "create"}


def _outcome(draw: random.Random, one: Affected) -> Outcome:
    operation = _OPERATIONS.get(one.impact, "update")
    urn = f"urn:pulumi:{one.stack}::kafka-fleet::kubernetes:kafka.strimzi.io/v1:Kafka::{one.cluster}"
    changed = (PropertyChange(path="spec.kafka.config", kind="update", old='"3"', new='"8"'),)
    resources = [
        ResourceChange(
            urn=f"{urn}{f'-{n}' if n else ''}",
            type="kubernetes:kafka.strimzi.io/v1:Kafka",
            op=operation,
            changes=changed if operation == "update" else (),
        )
        for n in range(draw.randint(1, 3))
    ]
    failed = draw.random() < 0.002
    return Outcome(
        stack=one.stack,
        operation="preview",
        result="failed" if failed else "ok",
        reason="a step failed" if failed else "",
        counts={operation: len(resources)},
        resources=tuple(resources),
        policies=tuple(_policies(draw, urn)),
        seconds=draw.uniform(0.3, 2),
    )


def _policies(draw: random.Random, urn: str) -> Iterator[PolicyViolation]:
    if draw.random() < 0.05:
        yield PolicyViolation(
            pack="kafka-fleet",
            policy="topics-keep-three-copies",
            level=draw.choice(("mandatory", "advisory", "advisory", "advisory")),
            message="Topics keep three copies\nreplicas is 2",
            urn=urn,
        )
