"""Laws that every workload's section obeys.

Owns      what is wrong with a number of pods, whatever runs in them.
Refuses   what one service alone needs to say.
"""

from collections.abc import Iterator

from components.finding import Finding
from components.services.contract import ServiceRequest
from components.services.workload import Autoscaling


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
