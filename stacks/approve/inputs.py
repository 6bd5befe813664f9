"""Digests of what a stack is made from, to tell whether it is still what was approved.

Owns      the digest that decides (what the stack registers), and those of its parts, which only explain.
Refuses   state: what exists is the engine's to compare.
"""

from collections.abc import Mapping

from stacks.fleet import Fleet
from stacks.rendition.make import rendition
from stacks.run.digest import parts
from stacks.stack import Stack


def inputs(fleet: Fleet, stack: Stack) -> Mapping[str, str]:
    """`result` is equal if and only if the engine is asked for the same; formatting and comments do not count."""
    return {"result": rendition(fleet, stack).digest[:16], **parts(fleet, stack)}
