"""Licences of what a service runs: stated where it is used, and refused where they forbid the use.

Owns      the licences that the catalog's software has, and what each forbids.
Refuses   legal advice: it repeats what a licence's own text says about the two facts that a fleet file states.
"""

from collections.abc import Iterator
from typing import Literal

from components.finding import Finding

Licence = Literal["apache-2.0", "confluent-community", "confluent-enterprise"]
"""`confluent-community`: Confluent Community License 1.0. `confluent-enterprise`: needs a key from Confluent."""

OFFERED = (
    "its licence excludes offering it to others as a service that competes with Confluent's products, and fleet.yaml "
    "says that these clusters are offered to outsiders"
)


def check(
    given: str | None, needed: Licence, what: str, path: tuple[str | int, ...], *, offered: bool, instead: str = ""
) -> Iterator[Finding]:
    """Findings of one `licence` field.

    given    what the file says, None where it says nothing
    needed   the licence of what would run
    what     its name, for the message
    offered  `ServiceRequest.offered_as_a_service`
    instead  implementations with another licence
    """
    if given is None:
        yield Finding(
            "licence-not-stated",
            path,
            f"{what} is under the licence {needed}, and the file does not say that this is known",
            needed,
            f"state `licence: {needed}` here, or once for the fleet in the service's own file",
        )
    elif given != needed:
        yield Finding("wrong-licence", path, f"{what} is not under '{given}'", needed)
    if needed == "confluent-community" and offered:
        yield Finding("licence-forbids", path, f"{what}: {OFFERED}", instead, "use an implementation under apache-2.0")
