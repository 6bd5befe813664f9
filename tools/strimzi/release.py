"""Reads the CRDs from Strimzi's release.

Owns      the address of a release's `strimzi-crds` file and how it is cut into objects.
Refuses   to wait long: a machine without that way out has the generator.
"""

import re
import urllib.request
from typing import Any

import yaml

from tools.strimzi.error import StrimziError

ADDRESS = "https://github.com/strimzi/strimzi-kafka-operator/releases/download/{v}/strimzi-crds-{v}.yaml"
SECONDS = 5.0


def parse(text: str) -> dict[str, dict[str, Any]]:
    """Kind -> CRD object. Documents may or may not be separated by `---`."""
    found: dict[str, dict[str, Any]] = {}
    for part in re.split(r"(?m)^(?=apiVersion:)", text):
        document = yaml.load(re.sub(r"(?m)^---\s*$", "", part), yaml.CSafeLoader)
        if isinstance(document, dict):
            found[document["spec"]["names"]["kind"]] = document
    return found


def download(version: str) -> dict[str, dict[str, Any]]:
    """Kind -> CRD object, from the release; raises where it is not reached."""
    address = ADDRESS.format(v=version)
    try:
        with urllib.request.urlopen(address, timeout=SECONDS) as answer:  # noqa: S310 - a constant https address
            text = answer.read().decode("utf-8")
        return parse(text)
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        raise StrimziError(f"strimzi's release {version} was not read from {address}: {error}") from error
