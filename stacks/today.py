"""The date that dated lines of the fleet are compared with.

Owns      the one place that looks at a clock for what is declared: exceptions and credentials end on days.
Refuses   times and zones: a day is UTC's, so that every machine of a fleet agrees.
"""

import os
from datetime import UTC, date, datetime

VARIABLE = "KAFKA_FLEET_TODAY"


class BadDateError(Exception):
    """The variable holds something that is no date."""


def today() -> date:
    """Today in UTC, or the date in KAFKA_FLEET_TODAY: what will a preview say on that day?"""
    given = os.environ.get(VARIABLE)
    if not given:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise BadDateError(f"{VARIABLE} is '{given}', which is no date: write it like 2027-01-31") from error
