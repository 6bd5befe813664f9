"""Generates the CRDs from Strimzi's own published model.

Owns      the calls of Maven (where are the jars) and of Strimzi's `CrdGenerator` (what upstream's build calls).
Refuses   to edit what comes out.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tools.strimzi import java
from tools.strimzi.error import StrimziError

POM = Path(__file__).with_name("pom.xml")
FLAGS = (
    *("--label", "app:strimzi"),
    *("--target-kube", "1.30+"),
    *("--crd-api-version", "v1"),
    *("--api-versions", "v1"),
    *("--storage-version", "v1"),
    "--yaml",
)


def _run(command: list[str | Path], what: str, seconds: int, runtime: Path) -> None:
    # Maven asks JAVA_HOME, which may be unset or wrong; the Java that was found serves it too.
    variables = {**os.environ, "JAVA_HOME": str(runtime.resolve().parent.parent)}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False, env=variables)  # noqa: S603 - found binaries, own arguments
    except subprocess.TimeoutExpired as error:
        raise StrimziError(f"{what} took longer than {seconds} s; run it again, or look at the network") from error
    if done.returncode:
        last = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()][-3:]
        raise StrimziError(f"{what} failed: {' / '.join(last)}")


def _classpath(version: str, work: Path, runtime: Path) -> str:
    maven = shutil.which("mvn")
    if maven is None:
        raise StrimziError("Maven (`mvn`) is not on PATH; install it, or use a machine that reaches Strimzi's releases")
    listing = work / "classpath.txt"
    command: list[str | Path] = [maven, "-q", "-B", "-f", POM, f"-Dstrimzi.version={version}"]
    command += ["dependency:build-classpath", f"-Dmdep.outputFile={listing}"]
    _run(command, f"resolving io.strimzi:crd-generator:{version} with Maven", 300, runtime)
    return listing.read_text("utf-8").strip()


def generate(version: str, classes: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Kind -> CRD object, for the model classes given."""
    runtime = java.find()
    with tempfile.TemporaryDirectory(prefix="strimzi-crds-") as folder:
        work = Path(folder)
        command: list[str | Path] = [runtime, "-cp", _classpath(version, work, runtime)]
        command += ["io.strimzi.crdgenerator.CrdGenerator", *FLAGS]
        command += [f"{name}={work / kind}.yaml" for kind, name in sorted(classes.items())]
        _run(command, f"generating the CRDs of strimzi {version}", 120, runtime)
        return {kind: yaml.load((work / f"{kind}.yaml").read_text("utf-8"), yaml.CSafeLoader) for kind in classes}
