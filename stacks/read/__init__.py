"""Text of fleet files to documents with positions.

Owns      the names that the rest of the spine uses.
Refuses   anything beyond text: what keys mean is decided by the specs.
"""

from stacks.read.document import Document
from stacks.read.file import Result, read, read_text, source
from stacks.read.store import Disk, Store
from stacks.read.tree import FleetFiles, files, listed

__all__ = ["Disk", "Document", "FleetFiles", "Result", "Store", "files", "listed", "read", "read_text", "source"]
