"""Text of fleet files to documents with positions.

Owns      the names that the rest of the spine uses.
Refuses   anything beyond text: what keys mean is decided by the specs.
"""

from stacks.read.document import Document
from stacks.read.file import read, read_text, source
from stacks.read.tree import FleetFiles, files

__all__ = ["Document", "FleetFiles", "files", "read", "read_text", "source"]
