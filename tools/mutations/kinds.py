"""The kinds of mutation: what people and programs get wrong, each as a function that draws one of its places.

Owns      one function a kind, found by its entry in `KINDS`.
Refuses   a choice that does not come from the random generator that it is given, or that leaves the value as it was.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from sandbox.contract import Record
from sandbox.models import clouds
from tools.mutations.edit import Edit, Path, at, walk
from tools.mutations.places import place


@dataclass(frozen=True)
class Known:
    """What a mutation may draw on besides the resource itself: its siblings, and every id that things refer by."""

    by_type: Mapping[str, Sequence[Record]]
    ids: frozenset[str]


Drawn = Sequence[Edit] | None
Kind = Callable[[Record, Known, Random], Drawn]

_RANGE = re.compile(r"\d+\.\d+\.\d+\.\d+/\d+")
_ARN = re.compile(r"arn:aws:[a-z0-9:/*-]+.*")
_ZONE = re.compile(r"[a-z]{2,}-[a-z]+-?\d(-?[a-d])?")
_WORD = re.compile(r"[A-Z][A-Z0-9_]{2,}|[A-Z][a-z]+([A-Z][a-z]+)*|[a-z]+(-[a-z]+)*")
_TEXTS = frozenset({"description", "name", "displayName", "comment", "title"})
_OWNED_BY_STRIMZI = {
    "advertised.listeners": "SSL://broker:9093",
    "authorizer.class.name": "kafka.security.authorizer.AclAuthorizer",
    "broker.id": "7",
    "listeners": "PLAIN://:9092",
    "log.dirs": "/tmp/kafka",  # noqa: S108 - a value of the wrong configuration
    "node.id": "7",
    "process.roles": "broker",
    "ssl.keystore.location": "/opt/own.p12",
    "super.users": "User:me",
    "zookeeper.connect": "zk:2181",
}


def _pick(random: Random, found: Sequence[Any]) -> Any:
    return random.choice(found) if found else None


def _where(record: Record, wanted: Callable[[Path, Any], bool]) -> list[Path]:
    return [path for path, value in walk(record.inputs) if wanted(path, value)]


def _own(record: Record) -> set[Any]:
    """What the resource is called itself: under another name it is another resource, and no wrong one."""
    return {record.id, record.id.rpartition("/")[2], record.inputs.get("name")}


def _misspelt(random: Random, word: str) -> str:
    index = random.randrange(len(word))
    changed = random.choice(
        [
            word[:index] + word[index] + word[index:],
            word[:index] + word[index + 1 :] if len(word) > 2 else word + "s",
            word + "s",
            word[0].swapcase() + word[1:],
        ]
    )
    return changed if changed != word else word + "s"


def misspelt_key(record: Record, _known: Known, random: Random) -> Drawn:
    """A key at any depth, with a letter too many, too few, or of the wrong case."""
    path = _pick(random, _where(record, lambda path, _value: isinstance(path[-1], str) and bool(path[-1])))
    return [Edit("rename", path, _misspelt(random, path[-1]))] if path else None


def unknown_key(record: Record, _known: Known, random: Random) -> Drawn:
    """A key that nobody ever heard of, in any mapping."""
    holders: list[Path] = [(), *_where(record, lambda _path, value: isinstance(value, Mapping))]
    name, value = random.choice([("enabledd", True), ("customSetting", "yes"), ("extraOptions", {"mode": "fast"})])
    return [Edit("set", (*random.choice(holders), name), value)]


def wrong_type(record: Record, _known: Known, random: Random) -> Drawn:
    """A scalar of another type: text for a number or a flag, a list for a text."""
    path = _pick(random, _where(record, lambda _path, value: isinstance(value, str | int | float)))
    if path is None:
        return None
    value = at(record.inputs, path)
    wrong: Any = [value] if isinstance(value, str) else random.choice(["many", [value]])
    return [Edit("set", path, wrong)]


def scalar_for_mapping(record: Record, _known: Known, random: Random) -> Drawn:
    """One word where a mapping or a list belongs."""
    path = _pick(random, _where(record, lambda _path, value: isinstance(value, Mapping | list)))
    return [Edit("set", path, random.choice(["default", True, 3]))] if path else None


def dropped_key(record: Record, _known: Known, random: Random) -> Drawn:
    """A key left out, at any depth."""
    path = _pick(random, _where(record, lambda path, _value: isinstance(path[-1], str)))
    return [Edit("drop", path)] if path else None


def changed_word(record: Record, _known: Known, random: Random) -> Drawn:
    """A value that looks like one of a fixed set, misspelt."""

    def wordy(path: Path, value: Any) -> bool:
        if not isinstance(value, str) or path[-1] in _TEXTS or value in _own(record):
            return False
        found = place(record, record.inputs, path)
        return bool(found.enum) or (not found.free and bool(_WORD.fullmatch(value)))

    path = _pick(random, _where(record, wordy))
    if path is None:
        return None
    value = at(record.inputs, path)
    wrong = [value + "x", value[:-1], value + "-v2", "custom"]
    return [Edit("set", path, random.choice([one for one in wrong if one and one != value]))]


def unknown_reference(record: Record, known: Known, random: Random) -> Drawn:
    """The id, ARN, link or name of another resource, of something that does not exist."""
    others = known.ids - _own(record)
    path = _pick(random, _where(record, lambda _path, value: isinstance(value, str) and value in others))
    if path is None:
        return None
    value = at(record.inputs, path)
    head = value.rstrip("0123456789abcdef")
    tail = value[len(head) :]
    gone = head + ("0" * len(tail) if set(tail) != {"0"} else "1" * len(tail)) if len(tail) >= 6 else f"{value}-gone"
    return [Edit("set", path, gone)]


def siblings_value(record: Record, known: Known, random: Random) -> Drawn:
    """What must differ between siblings, taken from one: a unique name, an address range, an item's name."""
    drawn = [
        *_from_resources(record, known),
        *(Edit("set", path, value) for path, value in _from_items(record)),
    ]
    return [random.choice(drawn)] if drawn else None


def _from_resources(record: Record, known: Known) -> list[Edit]:
    model = clouds()[record.type.partition(":")[0]].find(record.type, record.inputs)
    unique = [tuple(path.split(".")) for path in model.unique] if model else []
    found = []
    for path, value in walk(record.inputs):
        others = [one for one in unique if one != path] if path in unique else []
        if not isinstance(value, str) or not (path in unique or _RANGE.fullmatch(value)):
            continue
        like = [
            one
            for one in known.by_type[record.type]
            if one.scope == record.scope
            and isinstance(at(one.inputs, path), str)
            and at(one.inputs, path) != value
            and all(at(one.inputs, other) == at(record.inputs, other) for other in others)
        ]
        if like:
            nearest = max(like, key=lambda one: (_alike(record, one), one.urn))
            found.append(Edit("set", path, at(nearest.inputs, path)))
    return found


def _from_items(record: Record) -> list[tuple[Path, str]]:
    """Names and ranges of another item of the same list."""
    found = []
    for path, value in walk(record.inputs):
        if not isinstance(value, list):
            continue
        for key in ("name", "ipCidrRange", "rangeName", "priority", "deviceName", "id"):
            values = [item[key] for item in value if isinstance(item, Mapping) and key in item]
            if len(values) > 1 and values[0] != values[1]:
                found.append(((*path, 1, key), values[0]))
    return found


def _alike(one: Record, other: Record) -> int:
    return sum(1 for path, value in walk(one.inputs) if isinstance(value, str) and at(other.inputs, path) == value)


def out_of_range(record: Record, _known: Known, random: Random) -> Drawn:
    """A number far below or above anything that the thing can mean."""

    def number(_path: Path, value: Any) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool)

    path = _pick(random, _where(record, number))
    return [Edit("set", path, random.choice([-1, -100, 10**7, 2_000_000_000]))] if path else None


def malformed(record: Record, _known: Known, random: Random) -> Drawn:
    """A range, ARN, region or zone that is none."""

    def formed(path: Path, value: Any) -> bool:
        if not isinstance(value, str):
            return False
        place_named = str(path[-1]).lower().removesuffix("s") in {"location", "region", "zone", "availabilityzone"}
        return bool(_RANGE.fullmatch(value) or _ARN.fullmatch(value) or _ZONE.fullmatch(value) or place_named)

    path = _pick(random, _where(record, formed))
    if path is None:
        return None
    value = at(record.inputs, path)
    if _RANGE.fullmatch(value):
        address, _, bits = value.partition("/")
        wrong = [f"{address}/33", f"{address[:-1]}300/{bits}", address, f"{address.rpartition('.')[0]}/{bits}"]
        if bits != "32":
            wrong.append(f"{address.rpartition('.')[0]}.{int(address.rpartition('.')[2]) + 1}/{bits}")
    elif _ARN.fullmatch(value):
        wrong = [value.replace("arn:aws:", "arn:", 1), value.replace("arn:", "arm:", 1), value.rpartition(":")[0]]
    else:
        wrong = [f"{value}z", value.replace("-", "_") if "-" in value else f"{value}_", f"xx-{value}"]
    return [Edit("set", path, random.choice(wrong))]


def forbidden_config(record: Record, _known: Known, random: Random) -> Drawn:
    """A Kafka setting that Strimzi keeps for itself and would drop without a word."""
    if not record.type.endswith(":Kafka"):
        return None
    key = random.choice(sorted(_OWNED_BY_STRIMZI))
    return [Edit("set", ("spec", "kafka", "config", key), _OWNED_BY_STRIMZI[key])]


def repeated_item(record: Record, _known: Known, random: Random) -> Drawn:
    """A list item twice."""
    path = _pick(random, _where(record, lambda path, _value: isinstance(path[-1], int)))
    return [Edit("insert", path, at(record.inputs, path))] if path else None


def null_item(record: Record, _known: Known, random: Random) -> Drawn:
    """Nothing as a list item."""
    path = _pick(random, _where(record, lambda path, _value: isinstance(path[-1], int)))
    return [Edit("insert", path, None)] if path else None


def document(record: Record, _known: Known, random: Random) -> Drawn:
    """A policy inside a text, with a misspelt key or word."""
    path = _pick(random, _where(record, lambda _path, value: isinstance(value, str) and value.startswith("{")))
    if path is None:
        return None
    inner = json.loads(at(record.inputs, path))
    place_ = random.choice([one for one, _value in walk(inner) if isinstance(one[-1], str)])
    key = str(place_[-1])
    holder, value = at(inner, place_[:-1]), at(inner, place_)
    if isinstance(value, str) and random.random() < 0.5:
        holder[key] = _misspelt(random, value)
    else:
        holder[_misspelt(random, key)] = holder.pop(key)
    return [Edit("set", path, json.dumps(inner, sort_keys=True, separators=(",", ":")))]


KINDS: Mapping[str, Kind] = {
    "misspelt key": misspelt_key,
    "unknown key": unknown_key,
    "wrong type": wrong_type,
    "scalar for a mapping": scalar_for_mapping,
    "dropped key": dropped_key,
    "changed word of a set": changed_word,
    "unknown reference": unknown_reference,
    "sibling's value": siblings_value,
    "number out of range": out_of_range,
    "malformed range, ARN or zone": malformed,
    "forbidden Strimzi key": forbidden_config,
    "misspelt policy": document,
    "repeated item": repeated_item,
    "null item": null_item,
}
