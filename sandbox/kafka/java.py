"""How Java programs of Kafka are called here.

Owns      the command line: class path, heap, logging, the flags that make a small JVM start fast.
Refuses   to look for Java or jars: tools/kafka does.
"""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from tools import kafka

LOGGING = Path(__file__).with_name("log4j2.properties")
FORMAT_SECONDS = 120


def command(
    version: str, main: str, *arguments: str | Path, heap_mib: int = 256, classes: Path | None = None
) -> list[str]:
    """The command line of a Java program from the jars of a Kafka version."""
    path = [f"{classes}"] if classes else []
    return [
        str(kafka.java()),
        f"-Xmx{heap_mib}m",
        # One of many processes on a laptop: a fast start and few threads matter more than throughput.
        *("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"),
        f"-Dlog4j2.configurationFile={LOGGING}",
        "-cp",
        ":".join([*path, f"{kafka.folder(version)}/*"]),
        main,
        *(str(one) for one in arguments),
    ]


def properties(values: Mapping[str, object]) -> str:
    """A Java properties file."""
    return "".join(f"{key}={_escaped(value)}\n" for key, value in values.items())


def _escaped(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text.replace("\\", "\\\\").replace("\n", "\\n\\\n")


def format_storage(version: str, cluster_id: str, config: Path, metadata: str) -> str:
    """Prepare an empty data folder, as `kafka-storage.sh format` does; the reason where Kafka refuses."""
    arguments = ["format", "--ignore-formatted", "-t", cluster_id, "-c", str(config)]
    arguments += ["--release-version", metadata] if metadata else []
    line = command(version, "kafka.tools.StorageTool", *arguments)
    done = subprocess.run(line, capture_output=True, text=True, timeout=FORMAT_SECONDS, check=False)  # noqa: S603 - a Java that was found, our own arguments
    return "" if done.returncode == 0 else reason(done.stderr + done.stdout)


def reason(said: str) -> str:
    """Why a Java program ended, of all that it said: the exceptions' own lines, without their stacks."""
    lines = [line for line in said.splitlines() if line.strip() and not line.startswith(("\tat ", "\t... "))]
    found = [line for line in lines if "Exception" in line or "Error" in line]
    return "\n".join((found or lines)[-6:]).strip()
