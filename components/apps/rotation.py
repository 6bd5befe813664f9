"""Generations of credentials: which of them exist on a day.

Owns      the order of generations, the days on which each exists, and what rotation must look like.
Refuses   clocks: the day is given, so that the same request gives the same objects.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from components.apps.user_spec import Credential, User

MOST = 2
"""Generations of one user at a time: the one in use and the one that clients change over to."""

WARN_DAYS = 14
"""So many days before a generation ends, everyone who validates the fleet is warned."""


def least_overlap(production: bool) -> int:
    """Days on which two generations must both exist, so that clients can change over in working hours."""
    return 7 if production else 1


@dataclass(frozen=True)
class Span:
    """The days of one generation, both included. An open side reaches further than any day."""

    name: str
    since: date
    until: date

    def has(self, day: date) -> bool:
        """Whether the generation exists on `day`."""
        return self.since <= day <= self.until


def _span(name: str, credential: Credential) -> Span:
    since = date.fromisoformat(credential.since) if credential.since else date.min
    until = date.fromisoformat(credential.until) if credential.until else date.max
    return Span(name, since, until)


def spans(credentials: Mapping[str, Credential]) -> Sequence[Span]:
    """All generations, oldest first."""
    found = (_span(name, credential) for name, credential in credentials.items())
    return sorted(found, key=lambda span: (span.since, span.until, span.name))


def valid(user: User, today: date) -> tuple[str, ...]:
    """The generations that exist today, oldest first. A user without any has one without a name."""
    if not user.credentials:
        return ("",)
    return tuple(span.name for span in spans(user.credentials) if span.has(today))


def at_once(found: Sequence[Span], today: date) -> tuple[date, Sequence[Span]]:
    """The first day from today on with the most generations, and which these are."""
    days = sorted({today, *(span.since for span in found if span.since > today)})
    crowds = [(day, [span for span in found if span.has(day)]) for day in days]
    return max(crowds, key=lambda crowd: len(crowd[1]))


def newest(user: User, today: date) -> str | None:
    """The generation that whoever can choose should use today; None where there is none."""
    found = valid(user, today)
    return found[-1] if found else None
