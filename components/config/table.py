"""Judges configuration by Kafka's own tables, generated from its classes (tools/kafka_config).

Owns      whether a key exists in a Kafka version, of which type its value is, and within which limits.
Refuses   what the operator forbids (`forbidden.py`) and what is unwise (each service's rules).
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from components.config import client_laws
from components.config.families import FAMILIES, Family, family
from components.config.keys import WORDS, Key, known, table
from components.config.values import allowed, mistyped
from components.finding import Finding
from components.model import Scalar

__all__ = ["Key", "allowed", "check", "nearest", "table", "unjudged"]

Path = tuple[str | int, ...]

_TYPO = 0.9
_TYPO_LENGTH = 8
"""Where unknown keys are a plugin's, only a long key that is nearly a known one is taken for a slip."""


@lru_cache(maxsize=4096)
def _near(name: str, kind: str) -> str:
    return next(iter(difflib.get_close_matches(name, _candidates(name, kind), n=1, cutoff=0.75)), "")


def nearest(name: str, names: Mapping[str, object]) -> str:
    """The known key that `name` is most likely meant to be, or nothing."""
    return next(iter(difflib.get_close_matches(name, names, n=1, cutoff=0.75)), "")


def _candidates(name: str, kind: str) -> list[str]:
    """The keys that a name of this kind could be: the kind's own, and where it starts with a family's prefix, those."""
    own = list(table(kind))
    for one in FAMILIES.get(kind, ()):
        if name.startswith(one.prefix) and not one.named:
            own += [f"{one.prefix}{key}" for other in one.kinds for key in table(other)]
    return own


def _slip(name: str, kind: str) -> str:
    """The known key that a plugin's key is too much like to be a plugin's."""
    near = _near(name, kind) if len(name) >= _TYPO_LENGTH else ""
    return near if near and difflib.SequenceMatcher(None, name, near).ratio() >= _TYPO else ""


def _unknown(name: str, kind: str, version: str, path: Path, near: str) -> Finding:
    late = table(kind).get(name)
    if late is not None:
        message, right, hint = f"kafka {version} has no", f"with {', '.join(late.versions)}", ""
    else:
        message, right, hint = "kafka has no", "", f"did you mean '{near}'?" if near else "remove it"
    return Finding(
        f"unknown-{_dashed(kind)}-config", path, f"{message} {WORDS[kind]} configuration '{name}'", right, hint
    )


def _judged(name: str, value: Scalar, key: Key, kind: str, path: Path) -> Iterator[Finding]:
    right, why = mistyped(value, key), f"and its type is {key.type}"
    if not right:
        right, why = allowed(value, key), "which kafka refuses"
    if right:
        yield Finding(f"bad-{_dashed(kind)}-config", path, f"'{name}' is {value!r}, {why}", right)


def _dashed(kind: str) -> str:
    return kind.replace("_", "-")


def _member(member: tuple[Family, str], value: Scalar, version: str, path: Path, open_ended: bool) -> Iterator[Finding]:
    """A key behind a prefix, judged by the first table that knows it."""
    one, rest = member
    if not one.kinds:
        return
    kind = next((kind for kind in one.kinds if rest in known(kind, version)), one.kinds[0])
    for finding in check({rest: value}, kind, version, (), open_ended=open_ended):
        yield replace(finding, path=path)


def check(
    config: Mapping[str, Scalar], kind: str, version: str, path: Path, *, open_ended: bool = False
) -> Iterator[Finding]:
    """Keys that Kafka `version` does not have, and values that it would not take.

    `open_ended`: unknown keys belong to a plugin that we don't know (a connector, an interceptor). They pass, unless
    they are nearly a key of Kafka's; `unjudged` lists them.
    """
    keys = known(kind, version)
    for name, value in config.items():
        where = (*path, name)
        if (key := keys.get(name)) is not None:
            yield from _judged(name, value, key, kind, where)
        elif (member := family(name, kind)) is not None:
            yield from _member(member, value, version, where, open_ended)
        elif not open_ended or name in table(kind):
            yield _unknown(name, kind, version, where, _near(name, kind))
        elif near := _slip(name, kind):
            yield _unknown(name, kind, version, where, near)
    yield from client_laws.check(config, kind, path)


def unjudged(config: Mapping[str, Scalar], kind: str, version: str) -> dict[str, str]:
    """Keys whose values nobody here judges, and who would: a plugin, or Kafka itself where its validator is opaque."""
    found = {}
    for name in config:
        member = family(name, kind)
        key = known(kind, version).get(name)
        if key is None and member is not None:
            one, rest = member
            key = next((known(other, version)[rest] for other in one.kinds if rest in known(other, version)), None)
            if key is None:
                found[name] = one.owner or "a plugin"
        elif key is None:
            found[name] = "a plugin"
        if key is not None and key.judge == "opaque":
            found[name] = f"kafka: {key.says}" if key.says else "kafka"
    return found
