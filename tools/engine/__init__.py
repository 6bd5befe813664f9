"""The stock Pulumi engine for this machine: found, installed, or built from a pinned module.

Owns      `engine()`: the path of a CLI that is new enough and works.
Refuses   to commit binaries, and to change anything outside the cache folder.
"""

from tools.engine.find import EngineError
from tools.engine.obtain import engine

__all__ = ["EngineError", "engine"]
