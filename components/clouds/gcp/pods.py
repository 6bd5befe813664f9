"""How many pods a node may have, and the addresses that GKE sets aside for it.

Owns      the figures by which node pools are made and a cell's ranges are judged.
Refuses   any SDK.
"""

MAX_PODS = {"kafka": 32, "system": 64}
"""A node takes twice its pods from the pod range, rounded up to a power of two: 32 pods are a /26."""


def addresses(pods: int) -> int:
    """Addresses of the pod range that a node with at most this many pods takes."""
    return 1 << (2 * pods - 1).bit_length()
