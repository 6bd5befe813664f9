"""Which CRDs a version of Strimzi has, and what each must hash to.

Owns      `versions.json`: version -> kind -> {class, sha256}.
Refuses   a version that nobody has recorded: an unverified CRD is an API that nobody has read.
Identity  the sha256 is of the object as canonical JSON, so that a release's YAML and a generated one are judged alike.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.strimzi.error import StrimziError

DATA = Path(__file__).with_name("versions.json")
DEFAULT = "1.2.0"


def known() -> dict[str, dict[str, dict[str, str]]]:
    """All recorded versions."""
    data: dict[str, dict[str, dict[str, str]]] = json.loads(DATA.read_text("utf-8"))
    return data


def expected(version: str) -> dict[str, dict[str, str]]:
    """Kind -> {class, sha256} of a version."""
    versions = known()
    if version not in versions:
        raise StrimziError(
            f"strimzi version '{version}' is not recorded; known: {', '.join(sorted(versions))}; "
            f"to add it run `python -m tools.strimzi --version {version} --record` and have the change reviewed"
        )
    return versions[version]


def sha256(crd: Mapping[str, Any]) -> str:
    """Checksum of a CRD as canonical JSON."""
    return hashlib.sha256(json.dumps(crd, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def verify(version: str, crds: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise unless `crds` (kind -> object) are exactly the recorded ones."""
    wanted = expected(version)
    problems = [f"{kind} is missing" for kind in sorted(wanted.keys() - crds.keys())]
    problems += [f"{kind} is not recorded" for kind in sorted(crds.keys() - wanted.keys())]
    for kind in sorted(wanted.keys() & crds.keys()):
        found = sha256(crds[kind])
        if found != wanted[kind]["sha256"]:
            problems.append(f"{kind} has sha256 {found[:12]}…, recorded is {wanted[kind]['sha256'][:12]}…")
    if problems:
        raise StrimziError(f"the CRDs of strimzi {version} are not the recorded ones: {'; '.join(problems)}")


def record(version: str) -> None:
    """Generate the CRDs of `version` with the classes of the newest recorded one, and write their checksums."""
    from tools.strimzi.generate import generate

    versions = known()
    newest = versions[max(versions, key=lambda text: tuple(int(part) for part in text.split(".")))]
    classes = {kind: entry["class"] for kind, entry in versions.get(version, newest).items()}
    crds = generate(version, classes)
    versions[version] = {kind: {"class": classes[kind], "sha256": sha256(crds[kind])} for kind in sorted(crds)}
    DATA.write_text(json.dumps(versions, indent=2) + "\n", "utf-8")
