"""Gets the jars of one version into the cache, once.

Owns      the call of Maven, the cache folder, the lock.
Refuses   a jar that is missing, damaged or not recorded, and a half-written folder: it is filled beside its place
          and renamed.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tools.cached import cache, obtained
from tools.kafka.error import KafkaError
from tools.kafka.java import java
from tools.kafka.versions import DEFAULT, expected, record

POM = Path(__file__).with_name("pom.xml")
SECONDS = 600


def maven(goal: str, *arguments: str, what: str) -> None:
    """Run Maven on this folder's POM; its last words are the error's."""
    program = shutil.which("mvn")
    if program is None:
        raise KafkaError("Maven (`mvn`) is not on PATH: install it (Debian: `apt-get install maven`)")
    # Maven asks JAVA_HOME, which may be unset or wrong; the Java that was found serves it too.
    variables = {**os.environ, "JAVA_HOME": str(java().resolve().parent.parent)}
    command = [program, "-q", "-B", "-f", str(POM), goal, *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False, env=variables)  # noqa: S603 - found binary, own arguments
    except subprocess.TimeoutExpired as error:
        raise KafkaError(f"{what} took longer than {SECONDS} s; run it again, or look at the network") from error
    if done.returncode:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if "ERROR" in line and len(line) > 20]
        raise KafkaError(f"{what} failed: {(lines or ['no reason given'])[0].strip()}")


def digests(place: Path) -> dict[str, str]:
    """File name -> sha256 of every jar in a folder."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(place.glob("*.jar"))}


def fetch(version: str, place: Path, connectors: bool) -> dict[str, str]:
    """Copy a version's jars into `place`, and say what they are."""
    arguments = [f"-Dkafka.version={version}", f"-DoutputDirectory={place}"]
    arguments += ["-Pconnectors"] if connectors else []
    maven("dependency:copy-dependencies", *arguments, what=f"fetching org.apache.kafka:kafka_2.13:{version} with Maven")
    return digests(place)


def folder(version: str = DEFAULT) -> Path:
    """The folder with the jars of `version`, obtained first where they aren't there yet. Safe to call in parallel."""
    wanted = expected(version)
    place = cache() / "kafka" / version

    def fill(fresh: Path) -> None:
        _verify(version, wanted.jars, fetch(version, fresh, wanted.connectors))

    return obtained(place, lambda: digests(place) == wanted.jars, fill, SECONDS)


def _verify(version: str, wanted: dict[str, str], found: dict[str, str]) -> None:
    problems = [f"{name} is missing" for name in sorted(wanted.keys() - found.keys())]
    problems += [f"{name} is not recorded" for name in sorted(found.keys() - wanted.keys())]
    for name in sorted(wanted.keys() & found.keys()):
        if found[name] != wanted[name]:
            problems.append(f"{name} has sha256 {found[name][:12]}…, recorded is {wanted[name][:12]}…")
    if problems:
        raise KafkaError(f"the jars of kafka {version} are not the recorded ones: {'; '.join(problems)}")


def write_down(version: str) -> None:
    """Fetch a version's jars and record their checksums; with Kafka's own connectors where they can be had."""
    with tempfile.TemporaryDirectory(prefix="kafka-jars-") as work:
        for connectors in (True, False):
            try:
                record(version, connectors, fetch(version, Path(work) / str(connectors), connectors))
            except KafkaError:
                if not connectors:
                    raise
            else:
                return
