"""The generated JSON Schemas say of good and bad files what the product says, as far as one file can tell."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from stacks.schema import schemas

ROOT = Path(__file__).resolve().parent.parent.parent
SCHEMA = {
    "cells": "cell.schema.json",
    "clusters": "cluster.schema.json",
    "apps": "app.schema.json",
    "profiles": "profile.schema.json",
    "fleet.yaml": "fleet.schema.json",
}
FILES = sorted((ROOT / "fleet").rglob("*.yaml"))


def schema_of(path: Path) -> Path:
    kind = path.relative_to(ROOT / "fleet").parts[0]
    return ROOT / "fleet" / (f"{path.stem}.service.schema.json" if kind == "services" else SCHEMA[kind])


def check(schema: Path, *files: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).parent / "check-jsonschema", "--schemafile", schema, *files]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("schema", sorted({schema_of(path).name for path in FILES}))
def test_good_files_pass(schema: str) -> None:
    mine = [path for path in FILES if schema_of(path).name == schema]
    done = check(ROOT / "fleet" / schema, *mine)
    assert mine
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("fleet.yaml", "rings:", "ringz:", "ringz"),
        ("cells/aws-use1-dev.yaml", "zones:", "zone:", "zone"),
        ("cells/aws-use1-dev.yaml", "nat: single", "nat: one", "is not one of ['per-zone', 'single']"),
        ("cells/aws-use1-dev.yaml", '"444455556666"', "444455556666", "is not of type 'string'"),
        ("clusters/web/web-prod.yaml", "kafka:", "kafak:", "kafak"),
        ("clusters/web/web-prod.yaml", "size: { name: small }", "size: { name: tiny }", "'tiny' is not one of"),
        ("clusters/analytics/lab.yaml", "address_block", "adress_block", "adress_block"),
        ("apps/web/storefront.yaml", "partitions: 24", "partitions: many", "is not of type 'integer'"),
        ("apps/web/storefront.yaml", "role: consume", "role: consme", "'consme' is not one of"),
        ("profiles/critical.yaml", "controllers: 5", "controllers: 4", "4 is not one of [1, 3, 5]"),
        ("services/kafka.yaml", "maintenance_windows", "maintenance_window", "maintenance_window"),
    ],
)
def test_bad_files_fail_in_an_editor_too(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    path = ROOT / "fleet" / file
    text = path.read_text("utf-8")
    assert old in text
    bad = tmp_path / "bad.yaml"
    bad.write_text(text.replace(old, new, 1), "utf-8")
    done = check(schema_of(path), bad)
    assert done.returncode == 1
    assert said in done.stdout, done.stdout


def test_every_property_has_a_description() -> None:
    def walk(node: object, at: str) -> None:
        if isinstance(node, dict):
            for name, inner in node.get("properties", {}).items() if isinstance(node.get("properties"), dict) else ():
                if isinstance(inner, dict) and "const" not in inner and at != "if":
                    assert "description" in inner or "$ref" in inner or not {"type", "anyOf"} & set(inner), name
            for key, inner in node.items():
                walk(inner, key)
        elif isinstance(node, list):
            for inner in node:
                walk(inner, at)

    for schema in schemas().values():
        walk(json.loads(json.dumps(schema)), "")
