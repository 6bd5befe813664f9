"""Kubeconfigs of the real API servers, for `kubectl` and for people. They hold a key, so only their owner reads them.

Owns      the file beside each cluster, and finding it by the cluster's name.
Refuses   to be what the product uses: its kubeconfig comes from the cell's outputs and holds no credential.
"""

import base64
import json
import os
from pathlib import Path

from sandbox.kube.certificates import Certificates

FILE = "kubeconfig"


def write(path: Path, name: str, url: str, files: Certificates) -> None:
    """Write the file of one cluster; JSON is YAML."""

    def data(file: Path) -> str:
        return base64.b64encode(file.read_bytes()).decode()

    user = {
        "client-certificate-data": data(files.administrator),
        "client-key-data": data(files.administrator_key),
    }
    told = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": {"server": url, "certificate-authority-data": data(files.authority)}}],
        "users": [{"name": "administrator", "user": user}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": "administrator"}}],
        "current-context": name,
    }
    draft = path.with_name(f".{path.name}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(told, file, indent=2)
        file.write("\n")
    draft.replace(path)


def find(folder: Path, cluster: str) -> tuple[Path | None, list[str]]:
    """The kubeconfig of a cluster by its id, the last part of it or the end of that; and the names that there are.

    The end, because what people know is the cell: its cluster is called `<prefix>-<cell>`.
    """
    found: dict[str, Path] = {}
    for file in sorted(folder.glob("clusters/*/cluster.json")):
        name = str(json.loads(file.read_text(encoding="utf-8"))["name"])
        found[name] = file.with_name(FILE)
    exact = [path for name, path in found.items() if cluster in {name, name.rpartition("/")[2]}]
    chosen = exact or [path for name, path in found.items() if name.endswith(f"-{cluster}")]
    return (chosen[0] if len(chosen) == 1 else None), sorted(name.rpartition("/")[2] for name in found)
