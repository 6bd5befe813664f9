"""Which files a fleet has.

Owns      the layout of `fleet/`: what kind of thing each folder declares, and that a file's name is the thing's name.
Refuses   to overlook anything: a file in a wrong place, with a wrong ending or behind a link is an error, and so is a
          fleet without files. Absent must never be read as "delete everything".
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from stacks.problem import Problem
from stacks.read.file import not_a_file, symlink

FOLDER = "fleet"
MAIN = f"{FOLDER}/fleet.yaml"

# Folder of each kind -> number of folders between it and a file (a team, or none).
_KINDS = {"cells": 0, "clusters": 1, "apps": 1, "services": 0, "profiles": 0}
_NAME = re.compile(r"[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?")
_NAME_RULE = "lower-case letters, digits and hyphens, up to 40, starting with a letter"
# A service is named as its folder of code, which Python wants without hyphens.
_SERVICE = re.compile(r"[a-z](?:[a-z0-9_]{0,38}[a-z0-9])?")
_SERVICE_RULE = "lower-case letters, digits and underscores, up to 40, starting with a letter"
_LINK, _REGULAR = "120000", "100"
_GOOD = re.compile(
    rf"fleet/(?:(cells|profiles)/{_NAME.pattern}|(clusters|apps)/{_NAME.pattern}/{_NAME.pattern}"
    rf"|services/{_SERVICE.pattern})\.yaml"
)
_BESIDE = re.compile(r"README\.md|\.gitkeep|.*\.schema\.json")


@dataclass(frozen=True)
class FleetFiles:
    """The files of a fleet by kind, sorted, relative to the root of the repository; and what is wrong with the tree.

    Files with a problem are not listed. `main` is empty where `fleet/fleet.yaml` is missing.
    """

    main: str = ""
    cells: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    apps: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @cached_property
    def names(self) -> Mapping[str, frozenset[str]]:
        """The names that files of each kind declare: the files' own."""
        return {kind: frozenset(map(_stem, getattr(self, kind))) for kind in _KINDS}

    def all(self) -> tuple[str, ...]:
        """Every fleet file, in the order of the kinds."""
        main = (self.main,) if self.main else ()
        return main + self.services + self.profiles + self.cells + self.clusters + self.apps


def _stem(file: str) -> str:
    return file.rpartition("/")[2].removesuffix(".yaml")


@dataclass
class _Found:
    files: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in ("", *_KINDS)})
    problems: list[Problem] = field(default_factory=list)


def files(root: Path) -> FleetFiles:
    """All fleet files under `root`."""
    base = root / FOLDER
    if base.is_symlink():
        return FleetFiles(problems=(symlink(FOLDER),))
    if not base.is_dir():
        return FleetFiles(problems=(_empty("there is no folder fleet/"),))
    found = _Found()
    try:
        _walk(os.fspath(root), FOLDER, found)
    except OSError as error:
        found.problems.append(
            Problem(FOLDER, 1, 1, "unreadable", f"it cannot be read: {(error.strerror or 'unknown reason').lower()}")
        )
    return _settled(found)


def listed(entries: Iterable[tuple[str, str]]) -> FleetFiles:
    """The same for a list of (file, mode) as Git has them: `100644`, `120000` a link, `160000` a submodule."""
    found = _Found()
    folders: dict[str, bool] = {}
    some = False
    for path, mode in entries:
        some = True
        # Nearly all files of nearly all fleets: nothing is wrong with their names.
        if mode.startswith(_REGULAR) and (good := _GOOD.fullmatch(path)):
            found.files[good[1] or good[2] or "services"].append(path)
            continue
        if path == FOLDER:
            return FleetFiles(problems=(symlink(path) if mode == _LINK else not_a_file(path),))
        if not _right(path.rpartition("/")[0], folders, found):
            continue
        if mode == _LINK:
            found.problems.append(symlink(path))
        elif not mode.startswith(_REGULAR):
            found.problems.append(not_a_file(path))
        else:
            _file(path, path.rpartition("/")[2], found)
    return _settled(found) if some else FleetFiles(problems=(_empty("there is no folder fleet/"),))


def _right(folder: str, known: dict[str, bool], found: _Found) -> bool:
    """Whether a folder, and all above it, may be there. The first that may not is told, once."""
    if folder == FOLDER:
        return True
    if folder not in known:
        known[folder] = _right(folder.rpartition("/")[0], known, found)
        if known[folder] and (problem := _folder(folder)):
            found.problems.append(problem)
            known[folder] = False
    return known[folder]


def _settled(found: _Found) -> FleetFiles:
    main = found.files.pop("")
    if not main:
        found.problems.append(
            Problem(MAIN, 1, 1, "missing-fleet-file", "the fleet has no fleet.yaml", "", "restore the file")
        )
    if not any(found.files.values()) and not found.problems:
        found.problems.append(_empty("the fleet declares nothing"))
    lists = {kind: tuple(sorted(names)) for kind, names in found.files.items()}
    return FleetFiles(main=main[0] if main else "", problems=tuple(sorted(found.problems)), **lists)


def _walk(root: str, folder: str, found: _Found) -> None:
    for entry in _entries(f"{root}/{folder}"):
        path = f"{folder}/{entry.name}"
        if entry.is_symlink():
            found.problems.append(symlink(path))
        elif entry.is_dir(follow_symlinks=False):
            problem = _folder(path)
            if problem:
                found.problems.append(problem)
            else:
                _walk(root, path, found)
        elif not entry.is_file(follow_symlinks=False):
            found.problems.append(not_a_file(path))
        else:
            _file(path, entry.name, found)


def _entries(path: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(path) as entries:
        yield from sorted(entries, key=lambda entry: entry.name)


def _folder(path: str) -> Problem | None:
    """What is wrong with a folder of this name in this place."""
    parts = path.split("/")[1:]
    if parts[0] not in _KINDS:
        allowed = ", ".join(sorted(_KINDS))
        return Problem(path, 1, 1, "unknown-folder", f"folder '{parts[0]}' declares nothing", allowed, "remove it")
    if len(parts) - 1 > _KINDS[parts[0]]:
        return Problem(
            path, 1, 1, "wrong-depth", "files lie one folder too deep here", _shape(parts[0]), "move them up"
        )
    if len(parts) == 2 and not _NAME.fullmatch(parts[1]):
        return Problem(path, 1, 1, "bad-file-name", f"team '{parts[1]}' is no name", _NAME_RULE, "rename the folder")
    return None


def _file(path: str, name: str, found: _Found) -> None:
    parts = path.split("/")[1:]
    kind = parts[0] if len(parts) > 1 else ""
    stem, dot, ending = name.rpartition(".")
    rule, words = (_SERVICE, _SERVICE_RULE) if kind == "services" else (_NAME, _NAME_RULE)
    if _BESIDE.fullmatch(name):
        return
    if ending in ("yml", "YAML", "YML"):
        problem = _name(path, "wrong-extension", f"the file ends in .{ending}", ".yaml", f"rename it to {stem}.yaml")
    elif not dot or ending != "yaml":
        allowed = "*.yaml, *.schema.json, README.md, .gitkeep"
        problem = _name(
            path, "stray-file", f"'{name}' is no fleet file", allowed, "remove it, or move it out of fleet/"
        )
    elif not kind and name != "fleet.yaml":
        problem = _name(
            path, "wrong-depth", "a file lies in no folder that says what it declares", _shapes(), "move it"
        )
    elif kind and len(parts) - 2 != _KINDS[kind]:
        problem = _name(path, "wrong-depth", "the file lies in no team's folder", _shape(kind), "move it")
    elif not rule.fullmatch(stem):
        problem = _name(path, "bad-file-name", f"'{stem}' is no name", words, "rename the file")
    else:
        found.files[kind].append(path)
        return
    found.problems.append(problem)


def _name(path: str, code: str, message: str, allowed: str, hint: str) -> Problem:
    return Problem(path, 1, 1, code, message, allowed, hint)


def _shape(kind: str) -> str:
    return f"fleet/{kind}/<team>/<name>.yaml" if _KINDS[kind] else f"fleet/{kind}/<name>.yaml"


def _shapes() -> str:
    return ", ".join(["fleet/fleet.yaml", *(_shape(kind) for kind in _KINDS)])


def _empty(message: str) -> Problem:
    hint = "an empty fleet is never a plan to delete everything: check the path and the checkout"
    return Problem(FOLDER, 1, 1, "empty-fleet", message, "", hint)
