"""All apps of one cluster at once: who owns which names, and who lets whom use them.

Owns      the index that makes the check of one app independent of how many others there are.
Refuses   judging: `rules.py` asks.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from components.apps.contract import AppRequest
from components.apps.rotation import valid

Use = Literal["read", "write"]


def plain(name: str) -> str:
    """A name as Kafka compares it: it refuses two topics that differ only in `.` and `_`."""
    return name.replace("_", ".")


@dataclass(frozen=True)
class Grant:
    """What one app may do with another's topics."""

    owner: str
    prefix: str
    uses: frozenset[Use]


@dataclass(frozen=True)
class Tenants:
    """The apps of one cluster. Build it once with `of`.

    owners   plain prefix -> apps that declare it; `ordered` are its keys, sorted
    grants   app -> what others share with it
    users    KafkaUsers today: each generation of a user is one
    """

    apps: frozenset[str]
    owners: dict[str, tuple[str, ...]]
    ordered: tuple[str, ...]
    grants: dict[str, tuple[Grant, ...]]
    users: int
    partitions: int

    @classmethod
    def of(cls, requests: Iterable[AppRequest]) -> "Tenants":
        """The index of all apps of one cluster, the one to be checked included."""
        apps, users, partitions = set(), 0, 0
        owners: dict[str, tuple[str, ...]] = {}
        grants: dict[str, tuple[Grant, ...]] = {}
        for request in requests:
            apps.add(request.app)
            users += sum(len(valid(user, request.today)) for user in request.spec.users.values())
            partitions += sum(topic.partitions for topic in request.spec.topics.values())
            for prefix in request.spec.prefixes:
                owners[plain(prefix)] = (*owners.get(plain(prefix), ()), request.app)
            for share in request.spec.shares:
                if any(share.prefix.startswith(own) for own in request.spec.prefixes):
                    grant = Grant(request.app, share.prefix, frozenset(share.operations))
                    grants[share.app] = (*grants.get(share.app, ()), grant)
        return cls(frozenset(apps), owners, tuple(sorted(owners)), grants, users, partitions)

    def overlapping(self, prefix: str, app: str) -> Iterator[tuple[str, str]]:
        """Apps other than `app` with a prefix that begins `prefix` or that `prefix` begins, and that prefix."""
        mine = plain(prefix)
        candidates = [mine[:length] for length in range(1, len(mine)) if mine[:length] in self.owners]
        position = bisect_left(self.ordered, mine)
        while position < len(self.ordered) and self.ordered[position].startswith(mine):
            candidates.append(self.ordered[position])
            position += 1
        for candidate in candidates:
            for owner in self.owners[candidate]:
                if owner != app:
                    yield owner, candidate

    def owner_of(self, name: str) -> str:
        """The app whose prefix `name` begins with, or nothing."""
        mine = plain(name)
        for length in range(1, len(mine) + 1):
            if mine[:length] in self.owners:
                return self.owners[mine[:length]][0]
        return ""
