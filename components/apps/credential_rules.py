"""The laws of credentials: a user always has some, never more than two, and time enough to change over.

Owns      generations against the day, lengths of names, authentication against the cluster's listeners.
Refuses   where credentials go: `delivery_rules.py`.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from components.apps.contract import AppRequest
from components.apps.naming import LIMIT, user_name
from components.apps.rotation import MOST, WARN_DAYS, Span, at_once, least_overlap, spans
from components.apps.user_spec import User
from components.finding import Finding
from components.services.kafka.listeners import ways
from components.services.kafka.place import kafka_spec

Path = tuple[str | int, ...]


def _names(request: AppRequest, key: str, user: User) -> Iterator[Finding]:
    for generation in user.credentials:
        name = user_name(request.app, key, generation)
        if len(name) > LIMIT:
            yield Finding(
                "user-name-too-long",
                ("users", key, "credentials", generation),
                f"the user would be called '{name}', {len(name)} characters",
                f"up to {LIMIT}",
                "take a shorter name for the generation or the user",
            )


def _pairs(request: AppRequest, path: Path, found: list[Span]) -> Iterator[Finding]:
    """Each generation and the one after it: the first ends, the second begins, and before that."""
    least = least_overlap(request.production)
    for older, newer in pairwise(found):
        if newer.since == date.min:
            yield Finding(
                "credential-without-start",
                (*path, newer.name),
                f"generation '{newer.name}' comes after '{older.name}' and does not say since when it exists",
                hint=f'add `since: "{request.today + timedelta(days=1)}"`',
            )
        elif older.until == date.max:
            yield Finding(
                "credential-without-end",
                (*path, older.name),
                f"generation '{older.name}' is followed by '{newer.name}' and never ends",
                hint=f'add `until: "{newer.since + timedelta(days=max(30, least))}"`',
            )
        elif older.until >= request.today and (days := (older.until - newer.since).days + 1) < least:
            said = f"on {days} days" if days > 0 else "never"
            yield Finding(
                "credential-overlap",
                (*path, older.name, "until"),
                f"'{older.name}' and '{newer.name}' exist {said} together: too short to change over",
                f"{least} days or more",
                f'`until: "{newer.since + timedelta(days=least - 1)}"` or later',
            )


def _days(request: AppRequest, key: str, user: User) -> Iterator[Finding]:
    path: Path = ("users", key, "credentials")
    found = list(spans(user.credentials))
    whole = [span for span in found if span.since <= span.until]
    for span in found:
        if span not in whole:
            yield Finding(
                "credential-never", (*path, span.name, "until"), f"generation '{span.name}' ends before it begins"
            )
        elif span.until < request.today:
            yield Finding(
                "credential-retired",
                (*path, span.name),
                f"generation '{span.name}' ended on {span.until}: kafka refuses it",
                hint="remove it from the file",
                severity="warning",
            )
    yield from _pairs(request, path, whole)
    day, crowd = at_once(whole, request.today)
    if len(crowd) > MOST:
        names = ", ".join(f"'{span.name}'" for span in crowd)
        when = "today" if day == request.today else f"on {day}"
        yield Finding(
            "too-many-credentials",
            path,
            f"user '{key}' has {len(crowd)} generations {when}: {names}",
            f"up to {MOST} at a time",
            "let the oldest end before the newest begins",
        )
    yield from _left(request, key, path, whole)


def _left(request: AppRequest, key: str, path: Path, found: list[Span]) -> Iterator[Finding]:
    """Whether the user has credentials today and for ever after, and what ends soon."""
    today = request.today
    if not any(span.has(today) for span in found):
        yield Finding(
            "no-valid-credential",
            path,
            f"user '{key}' has no credentials on {today}",
            "a generation that has begun and not ended",
            "move `since` or `until`, or add a generation",
        )
    elif (last := max(found, key=lambda span: span.until)).until < date.max:
        # Told when it is written, not when the day has come: a day that passes must never break a fleet that was fine.
        yield Finding(
            "no-valid-credential",
            (*path, last.name, "until"),
            f"user '{key}' has no credentials after {last.until}",
            hint="add the generation that follows, or leave `until` out until there is one",
        )
    for span in found:
        left = (span.until - today).days
        if span.has(today) and left < WARN_DAYS:
            yield Finding(
                "credential-ends",
                (*path, span.name, "until"),
                f"generation '{span.name}' of user '{key}' ends on {span.until}, in {left} days",
                hint="see that every client has changed over",
                severity="warning",
            )


def check(request: AppRequest) -> Iterator[Finding]:
    """Every law that the credentials of an app's users break."""
    accepted = {way.authentication for way in ways(kafka_spec(request.kafka), request.kafka.place)}
    for key, user in request.spec.users.items():
        if user.authentication not in accepted:
            yield Finding(
                "no-listener-for-user",
                ("users", key, "authentication"),
                f"no listener of cluster '{request.kafka.cluster}' takes {user.authentication}",
                ", ".join(sorted(accepted)),
            )
        if not user.credentials:
            continue
        if user.authentication == "oauth":
            yield Finding(
                "credentials-elsewhere",
                ("users", key, "credentials"),
                f"the credentials of '{key}' are at the identity provider, which rotates them",
                hint="remove the credentials",
            )
            continue
        yield from _names(request, key, user)
        yield from _days(request, key, user)
