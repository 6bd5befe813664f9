"""What a stack becomes, as plain data: by its pure objects, or by running its program without an engine.

Owns      the names that the rest of the spine uses.
Refuses   the engine; and loading an SDK where only the types are needed.
"""

from stacks.rendition.rendition import Item, Rendition

__all__ = ["Item", "Rendition"]
