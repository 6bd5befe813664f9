"""A trace over the sandbox's file, whether or not a server runs.

Owns      opening the state for looking only.
Refuses   a folder without one.
"""

from pathlib import Path

from sandbox.store import FILE, Store
from sandbox.trace.result import Trace, TraceError
from sandbox.trace.walk import trace
from sandbox.world import StoreWorld


def ask(state_dir: Path, source: str, cluster: str, listener: str = "") -> Trace:
    """Whether a client at a place reaches a cluster, as things stand in a state folder."""
    if not (state_dir / FILE).exists():
        raise TraceError(f"'{state_dir}' holds no sandbox: start one with `fleet sandbox start`")
    store = Store(state_dir)
    try:
        return trace(StoreWorld(store, keep=False), source, cluster, listener)
    finally:
        store.connection().close()
