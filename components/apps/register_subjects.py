"""Brings subjects of a schema registry to the wished state. Runs inside the cluster, as the only thing of its Job.

Owns      compatibility modes and the newest schemas of the subjects in its input.
Refuses   deletion, of subjects and of versions; and everything that the registry refuses: then it ends with 1.

Only Python's own library: the image has nothing else. Usage: register_subjects.py WISHED.json URL [CA.crt]
"""

import json
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TYPE = "application/vnd.schemaregistry.v1+json"


class Registry:
    """A schema registry that speaks Confluent's API."""

    def __init__(self, url: str, ca: str = "") -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"'{url}' is no address of a registry")
        self._url = url.rstrip("/")
        self._tls = ssl.create_default_context(cafile=ca) if ca else None

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> tuple[int, Any]:
        """Status and answer of one request. An error status is an answer too."""
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
            f"{self._url}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Accept": TYPE, "Content-Type": TYPE},
        )
        try:
            with urllib.request.urlopen(request, timeout=30, context=self._tls) as answer:  # noqa: S310
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            try:
                return error.code, json.loads(text)
            except json.JSONDecodeError:
                return error.code, {"message": text[:200]}


def bring(registry: Registry, subject: str, wished: Mapping[str, Any]) -> str:
    """Make one subject as it is wished; what was done, in words. Raises RuntimeError with the registry's reason."""
    at = urllib.parse.quote(subject, safe="")
    done = []
    status, now = registry.ask("GET", f"/config/{at}")
    if status not in (200, 404):
        raise RuntimeError(_refused(subject, status, now))
    if status == 404 or now.get("compatibilityLevel") != wished["compatibility"]:
        status, answer = registry.ask("PUT", f"/config/{at}", {"compatibility": wished["compatibility"]})
        if status != 200:
            raise RuntimeError(_refused(subject, status, answer))
        done.append(f"compatibility {wished['compatibility']}")
    if "schema" in wished:
        # The same schema again is no new version: the registry answers with the id that it has.
        body = {"schema": wished["schema"], "schemaType": wished["type"]}
        status, answer = registry.ask("POST", f"/subjects/{at}/versions", body)
        if status != 200:
            raise RuntimeError(_refused(subject, status, answer))
        done.append(f"schema {answer['id']}")
    return f"{subject}: {', '.join(done) or 'unchanged'}"


def _refused(subject: str, status: int, answer: Any) -> str:
    reason = answer.get("message", answer) if isinstance(answer, dict) else answer
    return f"{subject}: the registry refuses with {status}: {reason}"


def main(arguments: list[str]) -> int:
    """Bring every subject; 1 where one was refused, after all were tried."""
    wished = json.loads(Path(arguments[0]).read_text("utf-8"))
    registry = Registry(arguments[1], arguments[2] if len(arguments) > 2 else "")
    failed = 0
    for subject, body in sorted(wished.items()):
        try:
            sys.stdout.write(f"{bring(registry, subject, body)}\n")
        except (RuntimeError, OSError) as error:
            failed = 1
            sys.stderr.write(f"{error}\n")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
