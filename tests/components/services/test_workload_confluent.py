"""Confluent's images: keys become variables and come back, and the agent is found whatever its version."""

import subprocess
from pathlib import Path

import pytest

from components.services import confluent


@pytest.mark.parametrize(
    ("key", "variable"),
    [
        ("kafkastore.ssl.key.password", "X_KAFKASTORE_SSL_KEY_PASSWORD"),
        ("schema.under_score", "X_SCHEMA_UNDER__SCORE"),
        ("with-dash.key", "X_WITH___DASH_KEY"),
    ],
)
def test_keys_are_written_as_the_images_read_them(key: str, variable: str) -> None:
    """By the rules in the images' own program: `_` is `.`, `__` is `_`, `___` is `-`."""
    assert confluent.variable("X_", key) == variable
    read = variable.removeprefix("X_").replace("___", "-").replace("__", "\0").replace("_", ".").replace("\0", "_")
    assert read.lower() == key


@pytest.mark.parametrize(("value", "text"), [(True, "true"), (False, "false"), (5, "5"), ("Aa", "Aa")])
def test_values_are_written_as_properties_files_have_them(value: str | bool | int, text: str) -> None:
    assert confluent.variables("X_", {"a.key": value}) == {"X_A_KEY": text}


def test_the_agent_is_found_whatever_its_version(tmp_path: Path) -> None:
    for folder in ("cp-base-java", "cp-base-new"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "jmx_prometheus_javaagent-1.2.3.jar").touch()
    shell, flag, script = confluent.command("SOME_OPTS")
    script = script.replace("/usr/share/java", str(tmp_path)).replace("/etc/confluent/docker/run", "env")
    told = subprocess.run([shell, flag, script], capture_output=True, text=True, check=True).stdout
    assert (
        f"SOME_OPTS=-javaagent:{tmp_path}/cp-base-java/jmx_prometheus_javaagent-1.2.3.jar=9404:/mnt/metrics/jmx.yaml"
    ) in told.splitlines()


def test_heap_leaves_room_for_the_rest() -> None:
    assert confluent.heap(1000) == "-Xms600m -Xmx600m"
