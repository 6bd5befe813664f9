"""Gets the CRDs of one version into the cache, once.

Owns      the cache folder, the lock, and the order: cached, else the release, else generated.
Refuses   a half-written folder: it is filled beside its place and renamed.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tools.cached import cache, obtained, seal, sealed
from tools.strimzi.error import StrimziError
from tools.strimzi.generate import generate
from tools.strimzi.release import download
from tools.strimzi.versions import DEFAULT, expected, sha256, verify

__all__ = ["StrimziError", "cache", "folder"]


def _obtain(version: str) -> tuple[str, dict[str, dict[str, Any]]]:
    try:
        crds = download(version)
        verify(version, crds)
    except StrimziError as first:
        try:
            crds = generate(version, {kind: entry["class"] for kind, entry in expected(version).items()})
        except StrimziError as second:
            raise StrimziError(f"{first}; and they could not be generated: {second}") from second
        verify(version, crds)
        return "generated", crds
    return "release", crds


def _fill(place: Path, source: str, crds: Mapping[str, Mapping[str, Any]]) -> None:
    ordered = {kind: crds[kind] for kind in sorted(crds)}
    for kind, crd in ordered.items():
        text = yaml.dump(dict(crd), Dumper=yaml.CSafeDumper, sort_keys=False, width=120)
        (place / f"{kind}.yaml").write_text(text, "utf-8")
    # One JSON file beside them: parsing a megabyte of YAML takes a second, this takes ten milliseconds.
    (place / "crds.json").write_text(json.dumps(list(ordered.values()), separators=(",", ":")), "utf-8")
    seal(place, source, {kind: sha256(crd) for kind, crd in ordered.items()})


def folder(version: str = DEFAULT) -> Path:
    """The folder with the CRDs of `version`, obtained first where it isn't there yet. Safe to call in parallel."""
    hashes = {kind: entry["sha256"] for kind, entry in expected(version).items()}
    place = cache() / "strimzi" / version

    def fill(fresh: Path) -> None:
        source, crds = _obtain(version)
        fresh.mkdir()
        _fill(fresh, source, crds)

    return obtained(place, lambda: sealed(place, hashes), fill)
