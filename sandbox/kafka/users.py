"""KafkaUser objects and what the cluster knows of users: which changes make the second like the first.

Owns      principals, ACLs, quotas and passwords in Kafka's words. As with Strimzi, all of them are the reconciler's:
          what no object asks for is taken away, whoever made it.
Refuses   secrets: passwords are handed in, and only into the changes (`secrets.py` keeps them).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sandbox.kafka.declared import Body, at, name_of
from sandbox.kafka.told import Told
from sandbox.kafka.topics import Plan

KIND = "KafkaUser"
_TYPES = {"topic": "TOPIC", "group": "GROUP", "transactionalId": "TRANSACTIONAL_ID", "cluster": "CLUSTER"}
_PATTERNS = {"literal": "LITERAL", "prefix": "PREFIXED"}
_QUOTAS = {
    "producerByteRate": "producer_byte_rate",
    "consumerByteRate": "consumer_byte_rate",
    "requestPercentage": "request_percentage",
    "controllerMutationRate": "controller_mutation_rate",
}
CLUSTER = "kafka-cluster"

Acl = tuple[tuple[str, str], ...]


def authentication(body: Body) -> str:
    """`scram-sha-512`, `tls`, `tls-external`, or nothing."""
    return str(at(body, "spec", "authentication", "type", default=""))


def principal(body: Body) -> str:
    """The user's name as Kafka sees it: with a certificate it is the subject."""
    name = name_of(body)
    return f"CN={name}" if authentication(body).startswith("tls") else name


def _words(operation: str) -> str:
    """Kafka's constant for Strimzi's word: `IdempotentWrite` is `IDEMPOTENT_WRITE`."""
    spaced = "".join(f"_{letter}" if letter.isupper() else letter for letter in operation)
    return spaced.strip("_").upper()


def acls(body: Body) -> Iterator[Acl]:
    """Each ACL of a user: one for each operation."""
    for one in at(body, "spec", "authorization", "acls", default=()):
        resource = one["resource"]
        kind = _TYPES[resource["type"]]
        for operation in one.get("operations") or ["All"]:
            yield freeze(
                {
                    "principal": f"User:{principal(body)}",
                    "type": kind,
                    "name": CLUSTER if kind == "CLUSTER" else str(resource.get("name", "*")),
                    "pattern": "LITERAL" if kind == "CLUSTER" else _PATTERNS[resource.get("patternType", "literal")],
                    "operation": _words(operation),
                    "host": str(one.get("host", "*")),
                    "permission": str(one.get("type", "allow")).upper(),
                }
            )


def freeze(acl: Mapping[str, str]) -> Acl:
    """An ACL that can stand in a set."""
    return tuple(sorted((key, str(value)) for key, value in acl.items()))


def quotas(body: Body) -> dict[str, float]:
    """A user's limits by Kafka's names."""
    declared = at(body, "spec", "quotas", default={})
    return {called: float(declared[key]) for key, called in _QUOTAS.items() if declared.get(key) is not None}


def plan(
    bodies: Iterable[Body],
    actual: Mapping[str, Any],
    default_quotas: Mapping[str, float],
    password: Callable[[Body], str | None],
    problems: Mapping[str, str],
) -> Plan:
    """Changes for all users of a cluster.

    password  what a SCRAM user's password is to become; None where the cluster has it already
    problems  why a user's secret could not be made, by name
    """
    made = Plan()
    scram: set[str] = set()
    wanted_acls: set[Acl] = set()
    wanted_quotas: dict[str, Mapping[str, float]] = {"": default_quotas} if default_quotas else {}
    there = {freeze(acl) for acl in actual["acls"]}
    for body in bodies:
        name = name_of(body)
        if name in problems:
            made.told.append(Told(KIND, name, False, "InvalidResourceException", problems[name]))
            continue
        made.told.append(Told(KIND, name, True))
        mine = set(acls(body))
        wanted_acls |= mine
        wanted_quotas[principal(body)] = quotas(body)
        # Rights first: a client that can log in can then do at once what it was granted.
        if missing := sorted(mine - there):
            made.add(KIND, name, do="add-acls", acls=[dict(acl) for acl in missing])
        _limits(made, name, principal(body), quotas(body), actual["quotas"])
        if authentication(body) == "scram-sha-512":
            scram.add(name)
            fresh = password(body)
            if fresh is not None:
                made.add(KIND, name, do="set-password", name=name, password=fresh)
    if default_quotas:
        _limits(made, "", "", default_quotas, actual["quotas"])
    for user in sorted(set(actual["users"]) - scram):
        made.add(KIND, user, do="drop-password", name=user)
    if gone := sorted(there - wanted_acls):
        made.add(KIND, "", do="drop-acls", acls=[dict(acl) for acl in gone])
    for user in sorted(set(actual["quotas"]) - wanted_quotas.keys()):
        _limits(made, user, user, {}, actual["quotas"])
    return made


def _limits(
    made: Plan, name: str, user: str, wanted: Mapping[str, float], actual: Mapping[str, Mapping[str, float]]
) -> None:
    there = actual.get(user, {})
    changed = {key: value for key, value in wanted.items() if there.get(key) != value}
    gone = sorted(there.keys() - wanted.keys())
    if changed or gone:
        made.add(KIND, name, do="set-quota", name=user, set=changed, unset=gone)
