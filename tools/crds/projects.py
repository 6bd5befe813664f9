"""Which projects there are, which of their CRDs are had, and what each must hash to.

Owns      `projects.json`: project -> {version, module, repository, crds: {kind: {path, sha256}}}.
Refuses   a CRD that nobody has recorded: an unverified one is an API that nobody has read.
Identity  the sha256 is of the object as canonical JSON, so that any source of the same file is judged alike.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tools.strimzi.versions import sha256

DATA = Path(__file__).with_name("projects.json")


class CrdsError(Exception):
    """The CRDs could not be had, or are not what `projects.json` says; the message names the change to make."""


@dataclass(frozen=True)
class Project:
    """One project: the Go module that its sources are published as, and where in it each CRD stands.

    Without a module the CRDs are files of `modelled/`, because the project publishes none.
    """

    name: str
    version: str
    module: str
    repository: str
    paths: Mapping[str, str]
    hashes: Mapping[str, str]


@cache
def known() -> Mapping[str, Project]:
    """All projects, by name."""
    return {
        name: Project(
            name=name,
            version=row["version"],
            module=row["module"],
            repository=row["repository"],
            paths={kind: crd["path"] for kind, crd in row["crds"].items()},
            hashes={kind: crd["sha256"] for kind, crd in row["crds"].items()},
        )
        for name, row in json.loads(DATA.read_text("utf-8")).items()
    }


def project(name: str) -> Project:
    """One project."""
    if name not in known():
        raise CrdsError(f"no CRDs of '{name}' are recorded; known: {', '.join(known())}")
    return known()[name]


@cache
def kinds() -> Mapping[tuple[str, str], str]:
    """(API group, kind) -> project, of every CRD that is recorded. Reads no CRD."""
    rows = json.loads(DATA.read_text("utf-8"))
    return {(row["group"], kind): name for name, row in rows.items() for kind in row["crds"]}


def verify(wanted: Project, crds: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise unless `crds` (kind -> object) are exactly the recorded ones."""
    problems = [f"{kind} is missing" for kind in sorted(wanted.hashes.keys() - crds.keys())]
    for kind in sorted(wanted.hashes.keys() & crds.keys()):
        found = sha256(crds[kind])
        if found != wanted.hashes[kind]:
            problems.append(f"{kind} has sha256 {found[:12]}…, recorded is {wanted.hashes[kind][:12]}…")
    if problems:
        raise CrdsError(f"the CRDs of {wanted.name} {wanted.version} are not the recorded ones: {'; '.join(problems)}")
