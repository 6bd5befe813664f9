"""Laws that every workload's section obeys.

Owns      what is wrong with a number of pods, whatever runs in them, and which settings are secrets by their name.
Refuses   what one service alone needs to say.
"""

import re
from collections.abc import Iterator

from components.finding import Finding
from components.services.contract import ServiceRequest
from components.services.workload import Autoscaling

_SECRET = re.compile(r"(password|secret|token|credential)s?($|[._-])|basic\.auth\.user\.info|jaas", re.IGNORECASE)


def names_a_secret(key: str) -> bool:
    """Whether a setting holds a secret, as far as its key says. Fleet files hold none."""
    return _SECRET.search(key) is not None


def check_pods(request: ServiceRequest, replicas: int, autoscaling: Autoscaling | None) -> Iterator[Finding]:
    """Findings of a section's `replicas` and `autoscaling`."""
    if request.production and replicas < 2:
        yield Finding(
            "too-few-replicas",
            ("replicas",),
            f"{replicas} pod in production: every restart is an outage",
            "2 or more",
        )
    if autoscaling is not None and autoscaling.enabled and autoscaling.most <= replicas:
        yield Finding(
            "autoscaling-has-no-room",
            ("autoscaling", "most"),
            f"at most {autoscaling.most} pods where {replicas} is the least: nothing can be added",
            f"more than {replicas}",
            "raise `most`, or lower `replicas`",
        )
