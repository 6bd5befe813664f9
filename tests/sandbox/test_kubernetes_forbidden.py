"""The sandbox's own lists of what Strimzi keeps for itself, beside the ones that Strimzi's published model has."""

import json

import pytest

from components.config.keys import TABLES
from sandbox.clouds.kubernetes.forbidden import forbidden

MODEL = json.loads((TABLES / "operator.json").read_text("utf-8"))["keys"]["1.2.0"]
RULES = {
    "broker": "broker",
    "connect": "connect_worker",
    "connector": "connector",
    "mirror": "mirror_cluster",
    "client": "bridge_producer",
    "consumer": "bridge_consumer",
}


@pytest.mark.parametrize(("rule", "kind"), RULES.items())
def test_both_witnesses_say_the_same(rule: str, kind: str) -> None:
    row = MODEL[kind]
    for prefix in row["prefixes"]:
        if not prefix.islower():
            continue  # the operator compares lower-case keys, so this prefix of its own meets none
        assert forbidden(f"{prefix}x", rule), prefix
    for key in row["options"]:
        assert forbidden(key, rule), key
        assert not forbidden(f"{key}.more", rule), key
    for key in row["exceptions"]:
        old = key.startswith("zookeeper.")  # there is none in Kafka 4, so nothing is lost
        assert old or not forbidden(key, rule), key
    for key in row["per_listener"]:
        assert not forbidden(f"listener.name.scram-9094.{key}", rule)
        assert forbidden(f"listener.name.scram-9094.{key}.more", rule)
