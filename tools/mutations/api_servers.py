"""The two API servers that mutated objects are tried on: one with everything that they need, and a bare one.

Owns      a state folder of its own, and which server an object belongs to: CRDs and namespaces are tried where they
          are not there yet, for changing one is another question than making it.
Refuses   effects of what is tried: every try is a dry run.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.kube.backing import served
from sandbox.kube.client import ApiError, Client
from sandbox.kube.servers import Servers

_SETS_UP = frozenset({"CustomResourceDefinition", "Namespace"})


@dataclass(frozen=True)
class ApiServers:
    """`full` holds the CRDs and namespaces of all objects, `bare` what a new cluster has."""

    full: Client
    bare: Client

    def tried(self, original: Mapping[str, Any], body: Mapping[str, Any]) -> str:
        """What the server that the original belongs to says to the changed body; empty where it would take it.

        A client sends to the kind's own path, whatever the body says that it is, and under the name that it says.
        """
        client = self.bare if original["kind"] in _SETS_UP else self.full
        metadata = body.get("metadata")
        named = metadata if isinstance(metadata, Mapping) else {}
        path = client.path({"apiVersion": original["apiVersion"], "kind": original["kind"], "metadata": named})
        try:
            client.apply(body, force=True, dry_run=True, path=path)
        except ApiError as error:
            return error.message
        return ""


@contextlib.contextmanager
def api_servers(folder: Path, bodies: Iterable[Mapping[str, Any]]) -> Iterator[ApiServers]:
    """Both, with the CRDs and namespaces among `bodies` in one of them."""
    servers = Servers(folder)
    try:
        found = ApiServers(servers.client(1, "full"), servers.client(2, "bare"))
        for body in bodies:
            if body["kind"] in _SETS_UP:
                found.full.apply(body, force=True)
                if body["kind"] == "CustomResourceDefinition":
                    served(found.full, body)
        yield found
    finally:
        servers.stop()
