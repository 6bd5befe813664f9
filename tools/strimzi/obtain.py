"""Gets the CRDs of one version into the cache, once.

Owns      the cache folder, the lock, and the order: cached, else the release, else generated.
Refuses   a half-written folder: it is filled beside its place and renamed.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from filelock import FileLock

from tools.strimzi.error import StrimziError
from tools.strimzi.generate import generate
from tools.strimzi.release import download
from tools.strimzi.versions import DEFAULT, expected, sha256, verify

__all__ = ["StrimziError", "cache", "folder"]


def cache() -> Path:
    """The project's cache folder: KAFKA_FLEET_CACHE, else `kafka-fleet` in XDG_CACHE_HOME, else in ~/.cache."""
    if own := os.environ.get("KAFKA_FLEET_CACHE"):
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kafka-fleet"


def _whole(place: Path, version: str) -> bool:
    """Whether a cached folder still is what was put there for the checksums of today."""
    try:
        manifest = json.loads((place / "manifest.json").read_text("utf-8"))
        if manifest["objects"] != {kind: entry["sha256"] for kind, entry in expected(version).items()}:
            return False
        return all(
            hashlib.sha256((place / name).read_bytes()).hexdigest() == digest
            for name, digest in manifest["files"].items()
        )
    except (OSError, ValueError, KeyError):
        return False


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
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(place.iterdir())}
    objects = {kind: sha256(crd) for kind, crd in ordered.items()}
    manifest = {"source": source, "files": files, "objects": objects}
    (place / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")


def folder(version: str = DEFAULT) -> Path:
    """The folder with the CRDs of `version`, obtained first where it isn't there yet. Safe to call in parallel."""
    expected(version)
    root = cache() / "strimzi"
    place = root / version
    if _whole(place, version):
        return place
    root.mkdir(parents=True, exist_ok=True)
    with FileLock(root / f"{version}.lock", timeout=600):
        if _whole(place, version):
            return place
        source, crds = _obtain(version)
        with tempfile.TemporaryDirectory(prefix=f".{version}-", dir=root) as work:
            fresh = Path(work) / "new"
            fresh.mkdir()
            _fill(fresh, source, crds)
            if place.exists():
                place.rename(Path(work) / "old")
            fresh.rename(place)
    return place
