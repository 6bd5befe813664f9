"""The recorded requests of the example fleet, in a sandbox without server and engine.

Owns      the court that wrong inputs stand before, and finding a request by type and by part of its name.
Refuses   changes of what was recorded: `python -m tools.mutations --record tests/sandbox/requests.json.gz` makes it.
"""

from functools import cache
from pathlib import Path

from sandbox.contract import Record
from tools.mutations.court import Court
from tools.mutations.requests import load

RECORDED = Path(__file__).with_name("requests.json.gz")


@cache
def requests() -> tuple[Record, ...]:
    """Everything that the example fleet asks of three clouds and their Kubernetes."""
    return tuple(load(RECORDED))


def find(court: Court, type: str, name: str = "") -> Record:
    """The first request whose type ends so and whose URN's name holds `name`."""
    for record in court.records:
        if record.type.endswith(type) and name in record.urn.rpartition("::")[2]:
            return record
    raise LookupError(f"no {type} named {name} was recorded")
