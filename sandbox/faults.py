"""Faults that are asked for: what reliability tests stand on.

Owns      the rules in the `faults` table, drawing them (by count, or by probability from a seed), and doing them.
Refuses   surprise: without a rule nothing ever fails here, and a rule's draws are the same on every run.
"""

import fnmatch
import json
import os
import random
import signal
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sandbox.contract import Refusal
from sandbox.store import Store, now

Kind = Literal["latency", "throttle", "quota", "partial", "kill-before", "kill-after"]
KINDS: tuple[str, ...] = get_args(Kind)
METHODS = ("create", "read", "update", "delete", "*")

_THROTTLED = {
    "aws": "ThrottlingException: Rate exceeded (429)",
    "gcp": "googleapi: Error 429: Quota exceeded for quota metric 'Queries', rateLimitExceeded",
    "azure-native": "Status=429 Code=TooManyRequests: The request is being throttled, retry later",
    "kubernetes": "the server has received too many requests and has asked us to try again later (429)",
}
_QUOTA = {
    "aws": "ServiceQuotaExceededException",
    "gcp": "QUOTA_EXCEEDED",
    "azure-native": "QuotaExceeded",
    "kubernetes": "exceeded quota",
}


@dataclass(frozen=True)
class Fault:
    """One rule.

    type         glob on resource tokens
    method       `create`, `read`, `update`, `delete` or `*`
    remaining    how often it will still fire; None: always
    probability  share of the matching calls that it hits, drawn from `seed`
    parameters   `seconds` of a latency, `limit` of a quota
    """

    id: int
    kind: str
    type: str
    method: str
    remaining: int | None
    probability: float
    seed: int
    drawn: int
    fired: int
    parameters: Mapping[str, Any]


class ThrottledError(Exception):
    """The cloud asks to be called less often."""


class PartialError(Exception):
    """The effect took place and yet an error is returned."""


def add(  # noqa: D103 - said by Fault
    connection: sqlite3.Connection,
    kind: str,
    type: str = "*",
    *,
    method: str = "*",
    count: int | None = None,
    probability: float = 1.0,
    seed: int = 0,
    parameters: Mapping[str, Any] | None = None,
) -> int:
    if kind not in KINDS:
        raise ValueError(f"'{kind}' is not a fault: allowed are {', '.join(KINDS)}")
    if method not in METHODS:
        raise ValueError(f"'{method}' is not a method: allowed are {', '.join(METHODS)}")
    if not 0 < probability <= 1:
        raise ValueError(f"probability is {probability}: it must be above 0 and at most 1")
    needed = {"latency": "seconds", "quota": "limit"}.get(kind)
    if needed and not isinstance((parameters or {}).get(needed), int | float):
        raise ValueError(f"a {kind} fault needs '{needed}', a number")
    cursor = connection.execute(
        "INSERT INTO faults (kind, type, method, remaining, probability, seed, parameters, created)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (kind, type, method, count, probability, seed, json.dumps(dict(parameters or {})), now()),
    )
    return int(cursor.lastrowid or 0)


def rules(connection: sqlite3.Connection) -> list[Fault]:
    """Every rule, in the order in which they were given."""
    columns = "id, kind, type, method, remaining, probability, seed, drawn, fired, parameters"
    found = connection.execute(f"SELECT {columns} FROM faults ORDER BY id").fetchall()  # noqa: S608 - our own text
    named = [dict(zip(columns.split(", "), row, strict=True)) for row in found]
    return [Fault(**{**row, "parameters": json.loads(row["parameters"])}) for row in named]


def clear(connection: sqlite3.Connection, id: int | None = None) -> int:
    """Remove one rule, or all; how many went."""
    if id is None:
        return connection.execute("DELETE FROM faults").rowcount
    return connection.execute("DELETE FROM faults WHERE id = ?", (id,)).rowcount


class Faults:
    """The rules as one provider meets them."""

    def __init__(self, store: Store, provider: str) -> None:
        self._store = store
        self._provider = provider

    def draw(self, method: str, token: str) -> list[Fault]:
        """The rules that hit this call. A draw is on disk before its fault acts: a kill does not repeat for ever."""
        matching = [
            rule
            for rule in rules(self._store.connection())
            if rule.method in (method, "*") and fnmatch.fnmatchcase(token, rule.type) and rule.remaining != 0
        ]
        hit = []
        for rule in matching:
            with self._store.effect() as connection:
                hits = random.Random(f"{rule.seed}:{rule.drawn}").random() < rule.probability  # noqa: S311 - no secret
                connection.execute("UPDATE faults SET drawn = drawn + 1 WHERE id = ?", (rule.id,))
                if hits:
                    connection.execute(
                        "UPDATE faults SET fired = fired + 1, remaining = remaining - 1 WHERE id = ?", (rule.id,)
                    )
                    hit.append(rule)
        return hit

    def before(self, hits: list[Fault]) -> None:
        """What happens instead of the effect, or before it."""
        for rule in hits:
            if rule.kind == "latency":
                time.sleep(float(rule.parameters["seconds"]))
            elif rule.kind == "throttle":
                raise ThrottledError(_THROTTLED.get(self._provider, "too many requests (429)"))
            elif rule.kind == "kill-before":
                os.kill(os.getpid(), signal.SIGKILL)

    def over_quota(self, hits: list[Fault], token: str, account: str) -> Refusal | None:
        """The refusal of a create that goes beyond a quota which was asked for."""
        for rule in hits:
            if rule.kind != "quota":
                continue
            (count,) = (
                self._store.connection()
                .execute("SELECT count(*) FROM resources WHERE type = ? AND account = ?", (token, account))
                .fetchone()
            )
            if count >= rule.parameters["limit"]:
                message = f"account '{account}' has {count} of {rule.parameters['limit']} allowed {token}"
                return Refusal("law", _QUOTA.get(self._provider, "quota-exceeded"), message)
        return None

    @staticmethod
    def after(hits: list[Fault]) -> None:
        """What happens once the effect is on disk."""
        for rule in hits:
            if rule.kind == "kill-after":
                os.kill(os.getpid(), signal.SIGKILL)
            elif rule.kind == "partial":
                raise PartialError(f"fault {rule.id}: the request took effect, but the cloud answered with an error")
