"""Helpers with which laws point at a value: a Problem at a path of a resolved mapping, and the nearest right name.

Owns      the way from a path or a Finding to a Problem.
Refuses   laws of its own.
"""

import difflib
from collections.abc import Iterable

from components.finding import Finding
from stacks.problem import Problem
from stacks.resolve import Path, Resolved


def told(
    resolved: Resolved, path: Path, code: str, message: str, allowed: str = "", hint: str = "", key: bool = False
) -> Problem:
    """A Problem at the value (or key) at `path`, in the file that supplied it."""
    return Problem(*resolved.position(path, key), code, message, allowed, hint)


def found(resolved: Resolved, at: Path, findings: Iterable[Finding]) -> Iterable[Problem]:
    """Findings of a check that was given the section at `at`, as Problems."""
    for f in findings:
        yield told(resolved, (*at, *f.path), f.code, f.message, f.allowed, f.hint)


def nearest(name: str, names: Iterable[str]) -> str:
    """A hint with the nearest right name, or nothing."""
    near = difflib.get_close_matches(name, sorted(names), 1, 0.6)
    return f"did you mean '{near[0]}'?" if near else ""
