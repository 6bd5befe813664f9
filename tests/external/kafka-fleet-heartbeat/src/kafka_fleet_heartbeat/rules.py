"""The laws of a heartbeat's section that need more than one field.

Owns      times that contradict each other.
Refuses   ranges of single fields (`spec.py`).
"""

from collections.abc import Iterator, Sequence

from kafka_fleet import Finding, Load, ServiceRequest, check_image

from .objects import heartbeat_spec


def check(request: ServiceRequest) -> Iterator[Finding]:
    """Every law that the section breaks. Paths are relative to it."""
    spec = heartbeat_spec(request)
    yield from check_image(spec.image, ("image",))
    if spec.slow_ms >= spec.lost_after_ms:
        yield Finding(
            "heartbeat-slow-after-lost",
            ("slow_ms",),
            f"slow begins at {spec.slow_ms} ms, and after {spec.lost_after_ms} ms a message is lost, not slow",
            f"less than {spec.lost_after_ms}",
            "lower `slow_ms`, or raise `lost_after_ms`",
        )


def loads(request: ServiceRequest) -> Sequence[Load]:
    """Nothing on the cell's Kafka nodes: the pod runs on the system nodes."""
    del request
    return ()
