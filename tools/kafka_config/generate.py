"""Writes Kafka's own tables of configuration into components/config.

Owns      the files in `components/config/tables/`.
Refuses   knowledge of its own about any key: what is in the tables is what Kafka's and Strimzi's classes say.

Run `python -m tools.kafka_config.generate` with Maven and a JDK 22 or newer (the programs are more than one file).
A row is what the last version says that knows the key; where an earlier one says otherwise its row stands under `in`,
and a key that only some versions know says which under `versions`.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tools.strimzi import java

HERE = Path(__file__).parent
TARGET = HERE.parents[1] / "components" / "config" / "tables"
KAFKA = ("4.2.0", "4.2.1", "4.3.0", "4.3.1")
OPERATORS = ("1.2.0",)
KINDS = (
    *("broker", "topic", "producer", "consumer", "admin", "streams"),
    *("connect_worker", "source_connector", "sink_connector", "topic_creation", "mirror_source", "mirror_checkpoint"),
)
ARTIFACTS = ("kafka_2.13", "connect-runtime", "connect-mirror", "kafka-streams")
INSTEAD = {"4.2.1": {"connect-mirror-client": "4.2.0"}}
"""Artifacts that a version lacks on Maven Central, and whose version stands in. It defines no keys: it is asked for
the names of two classes."""
SOURCE_LAUNCHER = 22
"""The Java that runs a program of several source files."""

POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>kafkafleet</groupId><artifactId>kafka-config</artifactId><version>1</version><dependencies>
{dependencies}
</dependencies></project>"""

Rows = list[dict[str, Any]]


def fetch(group: str, artifacts: dict[str, str], folder: Path) -> Path:
    """The folder with the jars of some artifacts and of all that they need."""
    dependencies = "\n".join(
        f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId><version>{version}</version></dependency>"
        for name, version in artifacts.items()
    )
    (folder / "pom.xml").write_text(POM.format(dependencies=dependencies), "utf-8")
    goal = ["mvn", "-q", "-B", "dependency:copy-dependencies", f"-DoutputDirectory={folder / 'jars'}"]
    subprocess.run(goal, cwd=folder, check=True, stdout=sys.stderr)  # noqa: S603 - fixed arguments
    return folder / "jars"


def ask(program: str, jars: Path) -> Rows:
    """What a Java program prints with some jars on its class path."""
    command = [str(java.find(SOURCE_LAUNCHER)), "-cp", f"{jars}/*", str(HERE / program)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - fixed arguments
    return [json.loads(line) for line in done.stdout.splitlines()]


def digests(group: str, jars: Path, names: dict[str, str]) -> dict[str, str]:
    """Coordinates -> digest of the jars of one project."""
    return {
        f"{group}:{name}:{version}": "sha256:"
        + hashlib.sha256((jars / f"{name}-{version}.jar").read_bytes()).hexdigest()
        for name, version in sorted(names.items())
    }


def kafka(version: str) -> tuple[Rows, dict[str, str]]:
    """Every key of one Kafka version, and the jars of Kafka that were asked."""
    instead = INSTEAD.get(version, {})
    with tempfile.TemporaryDirectory() as name:
        jars = fetch("org.apache.kafka", dict.fromkeys(ARTIFACTS, version) | instead, Path(name))
        own = {path.name[: -len(f"-{version}.jar")]: version for path in jars.glob(f"*-{version}.jar")}
        own = {artifact: v for artifact, v in own.items() if artifact.startswith(("kafka", "connect"))}
        return ask("Dump.java", jars), digests("org.apache.kafka", jars, own | instead)


def operator(version: str) -> tuple[Rows, dict[str, str]]:
    """What one operator version keeps for itself."""
    with tempfile.TemporaryDirectory() as name:
        jars = fetch("io.strimzi", {"api": version}, Path(name))
        return ask("Operator.java", jars), digests("io.strimzi", jars, {"api": version})


def table(kind: str, rows: dict[str, Rows]) -> dict[str, Any]:
    """Keys of one kind, with what differs between versions."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for version, all_of_them in rows.items():
        for row in all_of_them:
            if row["kind"] == kind:
                plain = {name: value for name, value in row.items() if name not in ("kind", "key")}
                found.setdefault(row["key"], {})[version] = plain
    keys: dict[str, Any] = {}
    for key, said in sorted(found.items()):
        last = list(said.values())[-1]
        keys[key] = dict(last)
        if len(said) < len(rows):
            keys[key]["versions"] = list(said)
        if other := {version: row for version, row in said.items() if row != last}:
            keys[key]["in"] = other
    return keys


def write(name: str, sources: list[str], rows: dict[str, Any]) -> None:
    """One key a line, so that a new version is a readable diff."""
    lines = ",\n".join(f"    {json.dumps(key)}: {json.dumps(row)}" for key, row in rows.items())
    head = f'  "generated_by": "tools/kafka_config/generate.py",\n  "versions": {json.dumps(sources)}'
    (TARGET / name).write_text(f'{{\n{head},\n  "keys": {{\n{lines}\n  }}\n}}\n', "utf-8")
    sys.stderr.write(f"{name}: {len(rows)} rows\n")


def main() -> None:
    """Write all tables, and the coordinates and digests of the jars that they come from."""
    rows: dict[str, Rows] = {}
    sources: dict[str, dict[str, str]] = {}
    for version in KAFKA:
        rows[version], sources[version] = kafka(version)
    for kind in KINDS:
        write(f"{kind}.json", list(KAFKA), table(kind, rows))
    operators: dict[str, Any] = {}
    for version in OPERATORS:
        found, sources[f"operator {version}"] = operator(version)
        operators[version] = found[0]
    write("operator.json", list(OPERATORS), operators)
    (TARGET / "sources.json").write_text(json.dumps(sources, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
