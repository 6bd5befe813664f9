"""Where the CRDs come from: the project's Go module, else its repository at the same version; one is modelled here.

Owns      the call of `go mod download`, which checks the module against Go's checksum database, and the addresses.
Refuses   to edit what comes out, and to wait long.
"""

import json
import shutil
import subprocess
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

import yaml

from tools.crds.projects import CrdsError, Project

DOWNLOAD_SECONDS = 180.0
REPOSITORY_SECONDS = 10.0


def _parse(text: str, kind: str, source: str) -> dict[str, Any]:
    try:
        found = yaml.load(text, yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise CrdsError(f"{source} is no YAML: {error}") from error
    if not isinstance(found, dict) or found.get("kind") != "CustomResourceDefinition":
        raise CrdsError(f"{source} is not the CRD of {kind}")
    return found


def from_model(project: Project) -> dict[str, dict[str, Any]]:
    """Kind -> CRD object, as written down here, of a project that publishes none."""
    places = {kind: Path(__file__).with_name("modelled") / path for kind, path in project.paths.items()}
    return {kind: _parse(place.read_text("utf-8"), kind, str(place)) for kind, place in places.items()}


def from_module(project: Project) -> dict[str, dict[str, Any]]:
    """Kind -> CRD object, from the Go module."""
    go = shutil.which("go")
    if go is None:
        raise CrdsError("`go` is not on PATH")
    command = [go, "mod", "download", "-json", f"{project.module}@{project.version}"]
    with tempfile.TemporaryDirectory(prefix="kafka-fleet-crds-") as work:  # outside of any module
        try:
            done = subprocess.run(  # noqa: S603 - `go` as found on PATH
                command, cwd=work, capture_output=True, text=True, timeout=DOWNLOAD_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise CrdsError(f"`go mod download` took longer than {DOWNLOAD_SECONDS:.0f} s") from error
    try:
        said = json.loads(done.stdout)
    except ValueError as error:
        raise CrdsError(f"`go mod download` failed: {done.stderr.strip()[-300:]}") from error
    if said.get("Error"):
        raise CrdsError(f"Go's module proxy does not give {project.module} {project.version}: {said['Error']}")
    crds = {}
    for kind, path in project.paths.items():
        place = Path(said["Dir"]) / path
        try:
            crds[kind] = _parse(place.read_text("utf-8"), kind, str(place))
        except OSError as error:
            raise CrdsError(f"{project.module} {project.version} has no {path}: {error}") from error
    return crds


def from_repository(project: Project) -> dict[str, dict[str, Any]]:
    """Kind -> CRD object, from the project's repository."""
    crds = {}
    for kind, path in project.paths.items():
        address = f"{project.repository}/{project.version}/{path}"
        try:
            with urllib.request.urlopen(address, timeout=REPOSITORY_SECONDS) as answer:  # noqa: S310 - a recorded https address
                crds[kind] = _parse(answer.read().decode("utf-8"), kind, address)
        except (OSError, ValueError) as error:
            raise CrdsError(f"{address} was not read: {error}") from error
    return crds
