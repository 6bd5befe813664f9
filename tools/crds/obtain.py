"""Gets the CRDs of a project into the cache, once.

Owns      the cache folder, the lock, and the order: cached, else the Go module, else the repository.
Refuses   a half-written folder: it is filled beside its place and renamed.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tools.cached import cache, obtained, seal, sealed
from tools.crds.projects import DATA, CrdsError, Project, known, project, verify
from tools.crds.sources import from_model, from_module, from_repository
from tools.strimzi.versions import sha256

__all__ = ["CrdsError", "definition", "definitions", "folder", "record"]


def _obtain(wanted: Project) -> tuple[str, dict[str, dict[str, Any]]]:
    faults = []
    published = (("module", from_module), ("repository", from_repository))
    for source, ask in published if wanted.module else (("model", from_model),):
        try:
            crds = ask(wanted)
            verify(wanted, crds)
        except CrdsError as error:
            faults.append(str(error))
        else:
            return source, crds
    raise CrdsError(
        f"the CRDs of {wanted.name} {wanted.version} could not be had: {'; '.join(faults)}; "
        f"run `python -m tools.crds` where a Go module proxy or the project's repository is reached"
    )


def _fill(place: Path, source: str, crds: Mapping[str, Mapping[str, Any]]) -> None:
    for kind, crd in crds.items():
        text = yaml.dump(dict(crd), Dumper=yaml.CSafeDumper, sort_keys=False, width=120)
        (place / f"{kind}.yaml").write_text(text, "utf-8")
        # Beside it as JSON: half a megabyte of YAML takes half a second to parse, this takes five milliseconds.
        (place / f"{kind}.json").write_text(json.dumps(crd, separators=(",", ":")), "utf-8")
    seal(place, source, {kind: sha256(crd) for kind, crd in crds.items()})


def folder(name: str) -> Path:
    """The folder with a project's CRDs, obtained first where it isn't there yet. Safe to call in parallel."""
    wanted = project(name)
    place = cache() / "crds" / f"{name}-{wanted.version}"

    def fill(fresh: Path) -> None:
        source, crds = _obtain(wanted)
        fresh.mkdir()
        _fill(fresh, source, crds)

    return obtained(place, lambda: sealed(place, wanted.hashes), fill)


def definition(name: str, kind: str) -> dict[str, Any]:
    """One CRD of a project as an object."""
    crd: dict[str, Any] = json.loads((folder(name) / f"{kind}.json").read_text("utf-8"))
    return crd


def definitions() -> list[dict[str, Any]]:
    """Every CRD that is recorded, as objects, in a stable order: what a real API server is to be loaded with."""
    return [definition(name, kind) for name, one in known().items() for kind in one.paths]


def record() -> None:
    """Read the CRDs of the versions in `projects.json` from their Go modules, and write down their checksums."""
    rows = json.loads(DATA.read_text("utf-8"))
    for name, one in known().items():
        crds = from_module(one) if one.module else from_model(one)
        rows[name]["crds"] = {kind: {"path": one.paths[kind], "sha256": sha256(crd)} for kind, crd in crds.items()}
    DATA.write_text(json.dumps(rows, indent=2) + "\n", "utf-8")
    known.cache_clear()
