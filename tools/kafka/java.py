"""A Java for Kafka, and our own small Java programs compiled against its jars.

Owns      the least Java version, and the cache of compiled classes.
Refuses   to commit classes: they are made from the source beside their user, once for each text of it.
"""

import hashlib
import subprocess
import tempfile
from pathlib import Path

from filelock import FileLock

from tools.cached import cache
from tools.kafka.error import KafkaError
from tools.strimzi import StrimziError
from tools.strimzi import java as search

LEAST = 17
SECONDS = 120


def java() -> Path:
    """Path of a Java that runs Kafka."""
    try:
        return search.find(LEAST)
    except StrimziError as error:
        raise KafkaError(f"Kafka needs Java: {error}") from error


def _compiler() -> Path:
    for path in search.candidates():
        compiler = path.with_name("javac")
        if compiler.is_file() and search.major(path) >= LEAST:
            return compiler
    raise KafkaError(f"no `javac` {LEAST} or newer beside any Java: install a JDK, or set JAVA_HOME to one")


def classes(source: Path, jars: Path) -> Path:
    """The folder with the classes of one source file, compiled against the jars of a folder where that isn't done."""
    digest = hashlib.sha256(source.read_bytes() + jars.name.encode()).hexdigest()[:16]
    root = cache() / "kafka" / "classes"
    place = root / f"{source.stem}-{digest}"
    if place.is_dir():
        return place
    root.mkdir(parents=True, exist_ok=True)
    with FileLock(root / f"{place.name}.lock", timeout=SECONDS):
        if place.is_dir():
            return place
        with tempfile.TemporaryDirectory(prefix=f".{place.name}-", dir=root) as work:
            fresh = Path(work) / "new"
            command = [str(_compiler()), "--release", str(LEAST), "-d", str(fresh), "-cp", f"{jars}/*", str(source)]
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)  # noqa: S603 - found binary, own source
            if done.returncode:
                raise KafkaError(f"compiling {source.name} failed: {done.stderr.strip()[:500]}")
            fresh.rename(place)
    return place
