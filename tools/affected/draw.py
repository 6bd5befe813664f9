"""Edits of a fleet, drawn by seed.

Owns      kinds of edits, each a function that changes files below a folder; most of what they make is valid, not all.
Refuses   knowledge of what an edit affects.
"""

import io
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

Edit = Callable[[Path, random.Random], str]
"""Changes something below the root; returns what it did, or an empty text where there was nothing to do."""

_YAML = YAML()
_YAML.preserve_quotes = True
_YAML.width = 100


def files(root: Path, *kinds: str) -> list[Path]:
    """The fleet files of some kinds, sorted."""
    return sorted(path for kind in kinds for path in (root / "fleet" / kind).rglob("*.yaml"))


def _load(path: Path) -> Any:
    return _YAML.load(path.read_text("utf-8"))


def _save(path: Path, data: Any, yaml: YAML = _YAML) -> None:
    out = io.StringIO()
    yaml.dump(data, out)
    path.write_text(out.getvalue(), "utf-8")


Place = tuple[Any, Any, tuple[str, ...]]
"""A container, the key in it, and the path for people."""


def _places(node: Any, path: tuple[str, ...] = ()) -> Iterator[Place]:
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in list(items):
        here = (*path, str(key))
        yield node, key, here
        yield from _places(value, here)


def _scalars(node: Any) -> list[Place]:
    return [place for place in _places(node) if not isinstance(place[0][place[1]], dict | list)]


def _other(value: Any, same_key: list[Any], rng: random.Random) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return rng.choice([value + 1, max(1, value // 2), value * 2])
    if isinstance(value, float):
        return value * 2
    others = sorted({str(each) for each in same_key if isinstance(each, str) and each != value})
    return rng.choice(others) if others and rng.random() < 0.7 else f"{value}x"


def _change(root: Path, rng: random.Random, *kinds: str) -> str:
    path = rng.choice(files(root, *kinds))
    data = _load(path)
    places = _scalars(data)
    if not places:
        return ""
    holder, key, where = rng.choice(places)
    same_key = [other[name] for each in files(root, *kinds) for other, name, _ in _scalars(_load(each)) if name == key]
    old = holder[key]
    holder[key] = _other(old, same_key, rng)
    _save(path, data)
    return f"{path.name}: {'.'.join(where)}: {old!r} -> {holder[key]!r}"


def app_value(root: Path, rng: random.Random) -> str:
    """A value of an app."""
    return _change(root, rng, "apps")


def cluster_value(root: Path, rng: random.Random) -> str:
    """A value of a cluster."""
    return _change(root, rng, "clusters")


def cell_value(root: Path, rng: random.Random) -> str:
    """A value of a cell."""
    return _change(root, rng, "cells")


def profile_value(root: Path, rng: random.Random) -> str:
    """A value of a profile."""
    return _change(root, rng, "profiles")


def service_value(root: Path, rng: random.Random) -> str:
    """A value of a service owner's file."""
    return _change(root, rng, "services")


def fleet_value(root: Path, rng: random.Random) -> str:
    """A value of fleet.yaml."""
    path = root / "fleet" / "fleet.yaml"
    data = _load(path)
    holder, key, where = rng.choice(_scalars(data))
    old = holder[key]
    holder[key] = _other(old, [], rng)
    _save(path, data)
    return f"fleet.yaml: {'.'.join(where)}: {old!r} -> {holder[key]!r}"


_ALL = ("apps", "clusters", "cells", "profiles", "services")


def comment(root: Path, rng: random.Random) -> str:
    """Comments between lines, about things that have names in the fleet."""
    path = rng.choice([*files(root, *_ALL), root / "fleet" / "fleet.yaml"])
    lines = path.read_text("utf-8").splitlines(keepends=True)
    name = rng.choice(files(root, "clusters", "cells")).stem
    inside = any("|" in line for line in lines)
    lines.insert(0 if inside else rng.randrange(len(lines) + 1), f"# like {name}, said {rng.randrange(1000)}\n")
    path.write_text("".join(lines), "utf-8")
    return f"{path.name}: a comment"


def reformat(root: Path, rng: random.Random) -> str:
    """Indents, quotes and blank lines of one file."""
    path = rng.choice([*files(root, *_ALL), root / "fleet" / "fleet.yaml"])
    reformat_file(path, rng)
    return f"{path.name}: other form"


def reformat_file(path: Path, rng: random.Random) -> None:
    """Write a file as another person would have written it: nothing that it says changes."""
    yaml = YAML()
    yaml.width = rng.choice([60, 160])
    step = rng.choice([2, 4])
    yaml.indent(mapping=step, sequence=step + 2, offset=step)
    yaml.preserve_quotes = rng.random() < 0.5
    data = _load(path)
    for holder, key, _ in list(_places(data)):
        value = holder[key]
        if isinstance(value, CommentedMap | CommentedSeq) and rng.random() < 0.5:
            value.fa.set_block_style() if rng.random() < 0.5 else None
    data.yaml_set_start_comment(f"Written anew, {rng.randrange(1000)}.")
    _save(path, data, yaml)


def key_order(root: Path, rng: random.Random) -> str:
    """The order of the keys of one mapping."""
    path = rng.choice([*files(root, *_ALL), root / "fleet" / "fleet.yaml"])
    data = _load(path)
    maps = [data, *(h[k] for h, k, _ in _places(data) if isinstance(h[k], CommentedMap) and len(h[k]) > 1)]
    chosen = rng.choice(maps)
    keys = list(chosen)
    chosen.move_to_end(rng.choice(keys))
    _save(path, data)
    return f"{path.name}: keys in another order"


def rename(root: Path, rng: random.Random) -> str:
    """A file under another name; what refers to it follows half of the time."""
    path = rng.choice(files(root, "apps", "clusters", "cells", "profiles"))
    new = f"{path.stem[:30]}-{rng.randrange(100)}"
    path.rename(path.with_name(f"{new}.yaml"))
    if rng.random() < 0.5:
        for other in files(root, *_ALL):
            text = other.read_text("utf-8")
            for form in (f"cell: {path.stem}\n", f"cluster: {path.stem}\n", f"profile: {path.stem}\n"):
                text = text.replace(form, form.replace(path.stem, new))
            other.write_text(text, "utf-8")
    return f"{path.stem} is now {new}"


def move(root: Path, rng: random.Random) -> str:
    """A file to another team."""
    path = rng.choice(files(root, "apps", "clusters"))
    teams = sorted(each for each in path.parent.parent.iterdir() if each.is_dir() and each != path.parent)
    target = rng.choice(teams) / path.name
    if target.exists():
        return ""
    path.rename(target)
    return f"{path.name} to {target.parent.name}"


def delete(root: Path, rng: random.Random) -> str:
    """A file."""
    path = rng.choice(files(root, *_ALL))
    path.unlink()
    return f"{path.parent.name}/{path.name} is gone"


def add(root: Path, rng: random.Random) -> str:
    """A copy of a file under another name."""
    path = rng.choice(files(root, "apps", "clusters", "cells", "profiles"))
    new = path.with_name(f"{path.stem[:30]}-{rng.randrange(100)}.yaml")
    if new.exists():
        return ""
    new.write_text(path.read_text("utf-8"), "utf-8")
    return f"{new.stem}, a copy"


def key_removed(root: Path, rng: random.Random) -> str:
    """A key with all that is below it."""
    path = rng.choice(files(root, *_ALL))
    data = _load(path)
    holder, key, where = rng.choice(list(_places(data)))
    del holder[key]
    _save(path, data)
    return f"{path.name}: {'.'.join(where)} is gone"


def key_taken(root: Path, rng: random.Random) -> str:
    """A value as another file of the kind has it, whole: a service, a topic, a network."""
    kind = rng.choice(("apps", "clusters", "cells", "services", "profiles"))
    path, other = rng.choice(files(root, kind)), rng.choice(files(root, kind))
    data, theirs = _load(path), _load(other)
    places = [
        (key, where) for holder, key, where in _places(theirs) if isinstance(holder, CommentedMap) and len(where) < 4
    ]
    if not places:
        return ""
    _, where = rng.choice(places)
    mine, found = data, theirs
    for part in where[:-1]:
        if not isinstance(mine, dict) or not isinstance(found, dict):
            return ""
        mine, found = mine.setdefault(part, CommentedMap()), found[part]
    if not isinstance(mine, dict):
        return ""
    mine[where[-1]] = found[where[-1]]
    _save(path, data)
    return f"{path.name}: {'.'.join(where)} as in {other.name}"


def escaped(root: Path, rng: random.Random) -> str:
    """The name of a cluster, spelled with escapes: the search must find it all the same."""
    path = rng.choice(files(root, "apps"))
    text = path.read_text("utf-8")
    line = next((each for each in text.splitlines() if each.startswith("cluster: ")), "")
    name = line.removeprefix("cluster: ").strip()
    if not name or '"' in name:
        return ""
    path.write_text(text.replace(line, f'cluster: "\\x{ord(name[0]):02x}{name[1:]}"'), "utf-8")
    return f"{path.name}: {name} with an escape"


def several(root: Path, rng: random.Random) -> str:
    """Some edits at once."""
    return "; ".join(filter(None, (rng.choice(list(DATA.values()))(root, rng) for _ in range(rng.randrange(2, 5)))))


DATA: dict[str, Edit] = {
    "value of an app": app_value,
    "value of a cluster": cluster_value,
    "value of a cell": cell_value,
    "profile": profile_value,
    "service file": service_value,
    "fleet.yaml": fleet_value,
    "comment": comment,
    "other form": reformat,
    "order of keys": key_order,
    "rename": rename,
    "move to another team": move,
    "delete": delete,
    "add": add,
    "key removed": key_removed,
    "key taken over": key_taken,
    "name with an escape": escaped,
}
