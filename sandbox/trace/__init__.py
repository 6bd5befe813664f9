"""Whether a client reaches a cluster, from the sandbox's state alone.

Owns      the two names that others use.
Refuses   the product: nothing here imports `components/` or `stacks/`, so that what it says is a second opinion.
"""

from sandbox.trace.result import Hop, Target, Trace, TraceError
from sandbox.trace.walk import trace

__all__ = ["Hop", "Target", "Trace", "TraceError", "trace"]
