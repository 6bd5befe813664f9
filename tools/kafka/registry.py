"""A schema registry with Confluent's API for this machine: Apicurio Registry's runnable archive from Maven Central.

Owns      which archive, its checksum and that of what is in it, and the unpacked folder in the cache.
Refuses   an archive or a folder that is not the recorded one; to fetch when only asked whether it is here.
"""

import hashlib
import tarfile
from pathlib import Path

from filelock import Timeout

from tools.cached import cache, obtained
from tools.kafka.error import KafkaError
from tools.kafka.obtain import maven

VERSION = "2.6.13.Final"
PROGRAM = "Apicurio Registry 2.6.13"
MEGABYTES = 142
ARCHIVE = "3cda1b34aa020fb4ac4dd6a66018d757e81e437f97e20a1f92d366b70091c6ba"
"""sha256 of the archive."""
CONTENT = "7aa4f6a1990eee32d46ecc0cb5178ad58ea844ab641a15fc8893b036fb3a8482"
"""sha256 of the lines `<sha256>  <path>` of the unpacked files, sorted by path."""
SECONDS = 900

_ARTIFACT = "apicurio-registry-app"


def place() -> Path:
    """Where the unpacked program is, or would be."""
    return cache() / "apicurio" / VERSION


def cached() -> bool:
    """Whether the program is here, so that starting it fetches nothing."""
    return place().is_dir()


def runner() -> Path:
    """The jar that Java is given."""
    return place() / f"{_ARTIFACT}-{VERSION}-runner.jar"


def content(folder: Path) -> str:
    """The digest of a folder's files, which tells any other folder from it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n" for path in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def folder() -> Path:
    """The unpacked program, obtained first where it isn't there yet. Safe to call in parallel."""
    try:
        return obtained(place(), lambda: cached() and content(place()) == CONTENT, _fill, SECONDS)
    except Timeout as error:
        raise KafkaError(f"another process has been fetching {PROGRAM} for {SECONDS} s") from error


def _fill(fresh: Path) -> None:
    work = fresh.parent / "archive"
    artifact = f"io.apicurio:{_ARTIFACT}:{VERSION}:tar.gz:all"
    maven("dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={work}", what=f"fetching {artifact}")
    archive = work / f"{_ARTIFACT}-{VERSION}-all.tar.gz"
    unpack(archive, fresh)


def unpack(archive: Path, fresh: Path) -> None:
    """Unpack the recorded archive; KafkaError where it is another one."""
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != ARCHIVE:
        raise KafkaError(f"{archive.name} has sha256 {found[:12]}…, recorded is {ARCHIVE[:12]}…")
    with tarfile.open(archive) as packed:
        packed.extractall(fresh, filter="data")
    if (seen := content(fresh)) != CONTENT:
        raise KafkaError(f"what {archive.name} holds has digest {seen[:12]}…, recorded is {CONTENT[:12]}…")
