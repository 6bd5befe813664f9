"""A client of one API server.

Owns      the calls that the sandbox makes: discovery, server-side apply, read, delete; and its errors as data.
Refuses   to soften: an answer that is no success is raised with the server's own words.
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import urllib3

from sandbox.kube.certificates import Certificates

MANAGER = "kafka-fleet-sandbox"
"""Field manager of what the engine asks for."""
APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
_SECONDS = 60
_CONNECTIONS = 16
_TRIES = 40
_AGAIN_SECONDS = 0.25


@dataclass(frozen=True)
class Kind:
    """How a kind is called in paths."""

    name: str
    plural: str
    namespaced: bool
    verbs: frozenset[str]
    subresources: frozenset[str]


@dataclass(frozen=True)
class Answer:
    """A success: the body, and what the server warns of."""

    body: dict[str, Any]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Cause:
    """One reason of a refusal, with the field that it is about."""

    reason: str
    message: str
    path: str


class ApiError(Exception):
    """What the server said no with."""

    def __init__(self, status: int, reason: str, message: str, causes: Sequence[Cause] = ()) -> None:
        self.status, self.reason, self.message, self.causes = status, reason, message, tuple(causes)
        super().__init__(message)


class NoSuchKindError(ApiError):
    """The server serves no such kind."""

    def __init__(self, api_version: str, kind: str) -> None:
        super().__init__(404, "NotFound", f'no matches for kind "{kind}" in version "{api_version}"')


class Client:
    """Calls one server, as its administrator or as somebody else."""

    def __init__(self, url: str, files: Certificates, user: str = "", groups: Sequence[str] = ()) -> None:
        self.url = url
        self._files = files
        self._who = [*([("Impersonate-User", user)] if user else []), *(("Impersonate-Group", one) for one in groups)]
        self._kinds: dict[str, dict[str, Kind]] = {}
        self._pool = urllib3.PoolManager(
            maxsize=_CONNECTIONS,
            ca_certs=str(files.authority),
            cert_file=str(files.administrator),
            key_file=str(files.administrator_key),
            retries=False,
            timeout=_SECONDS,
        )

    def acting_as(self, user: str, *groups: str) -> "Client":
        """A client whose requests are judged as that user's."""
        return Client(self.url, self._files, user, [*groups, "system:authenticated"])

    def close(self) -> None:
        """Let go of the connections."""
        self._pool.clear()

    def ready(self) -> bool:
        """Whether the server answers and all that it starts with is done."""
        try:
            return bool(self._pool.request("GET", f"{self.url}/readyz", timeout=5).status == 200)
        except urllib3.exceptions.HTTPError:
            return False

    def call(self, method: str, path: str, body: Any = None, *, form: str = "application/json", **query: str) -> Answer:
        """One request."""
        headers = urllib3.HTTPHeaderDict({"Accept": "application/json", "Content-Type": form})
        for key, value in self._who:
            headers.add(key, value)
        url = f"{self.url}{path}?{urlencode(query)}" if query else f"{self.url}{path}"
        sent = None if body is None else json.dumps(body).encode()
        for _try in range(_TRIES):
            try:
                told = self._pool.request(method, url, body=sent, headers=headers)
            except urllib3.exceptions.HTTPError as error:
                raise ApiError(0, "Unreachable", f"the API server of this cluster does not answer: {error}") from error
            if told.status != 429:
                break
            # "Storage is (re)initializing": said of a kind that is first looked at; every client asks again.
            time.sleep(_AGAIN_SECONDS)
        return _answered(told.status, told.data, told.headers)

    def kind(self, api_version: str, kind: str) -> Kind:
        """The kind, from discovery; asked again where it was not there, for a CRD may have brought it since."""
        found = self._kinds.get(api_version, {}).get(kind)
        if found is None:
            self._kinds[api_version] = self._discover(api_version)
            found = self._kinds[api_version].get(kind)
        if found is None:
            raise NoSuchKindError(api_version, kind)
        return found

    def _discover(self, api_version: str) -> dict[str, Kind]:
        try:
            told = self.call("GET", _root(api_version)).body
        except ApiError as error:
            if error.status == 404:
                return {}
            raise
        resources = told.get("resources", ())
        beside: dict[str, set[str]] = {}
        for one in resources:
            plural, slash, below = one["name"].partition("/")
            if slash:
                beside.setdefault(plural, set()).add(below)
        return {
            one["kind"]: Kind(
                one["kind"],
                one["name"],
                one["namespaced"],
                frozenset(one["verbs"]),
                frozenset(beside.get(one["name"], ())),
            )
            for one in resources
            if "/" not in one["name"]
        }

    def path(self, body: Mapping[str, Any]) -> str:
        """Path of an object; without a namespace it is in `default`, as with every client."""
        kind = self.kind(str(body["apiVersion"]), str(body["kind"]))
        metadata = body.get("metadata") or {}
        inside = quote(str(metadata.get("namespace") or "default"), safe="")
        namespace = f"/namespaces/{inside}" if kind.namespaced else ""
        name = quote(str(metadata.get("name") or ""), safe="")
        return f"{_root(str(body['apiVersion']))}{namespace}/{kind.plural}/{name}"

    def apply(
        self,
        body: Mapping[str, Any],
        *,
        manager: str = MANAGER,
        force: bool = False,
        dry_run: bool = False,
        path: str = "",
    ) -> Answer:
        """Server-side apply; fields that the kind does not have are refused, not dropped."""
        query = {"fieldManager": manager, "force": str(force).lower(), "fieldValidation": "Strict"}
        query |= {"dryRun": "All"} if dry_run else {}
        return self.call("PATCH", path or self.path(body), body, form=APPLY, **query)

    def apply_status(self, body: Mapping[str, Any], *, manager: str) -> Answer:
        """The same for the status alone."""
        query = {"fieldManager": manager, "force": "true", "fieldValidation": "Strict"}
        return self.call("PATCH", f"{self.path(body)}/status", body, form=APPLY, **query)

    def get(self, body: Mapping[str, Any]) -> dict[str, Any] | None:
        """The object as it is; None where there is none, or no such kind."""
        try:
            return self.call("GET", self.path(body)).body
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def delete(self, body: Mapping[str, Any]) -> None:
        """Ask for the deletion; an object that is gone is what was wanted."""
        try:
            self.call("DELETE", self.path(body), propagationPolicy="Background")
        except ApiError as error:
            if error.status != 404:
                raise

    def everything(self) -> Iterator[tuple[str, Kind]]:
        """Every kind that is served, once, with an API version: the group's preferred one where it has the kind."""
        groups = self.call("GET", "/apis").body["groups"]
        for versions in (["v1"], *(_versions(group) for group in groups)):
            seen: set[str] = set()
            for api_version in versions:
                for kind in self._discover(api_version).values():
                    if kind.name not in seen:
                        seen.add(kind.name)
                        yield api_version, kind


def _versions(group: Mapping[str, Any]) -> list[str]:
    preferred = group["preferredVersion"]["groupVersion"]
    return [preferred, *(one["groupVersion"] for one in group["versions"] if one["groupVersion"] != preferred)]


def _root(api_version: str) -> str:
    return f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"


def _answered(status: int, data: bytes, headers: urllib3.HTTPHeaderDict) -> Answer:
    try:
        body = json.loads(data) if data else {}
    except ValueError:
        body = {"message": data.decode(errors="replace")[:400]}
    if 200 <= status < 300:
        # `299 - "text"`, one header a warning.
        warnings = [one.partition('"')[2].rpartition('"')[0] for one in headers.getlist("Warning")]
        return Answer(body, tuple(warnings))
    causes = (body.get("details") or {}).get("causes") or ()
    told = [Cause(one.get("reason", ""), one.get("message", ""), one.get("field", "")) for one in causes]
    raise ApiError(status, str(body.get("reason") or status), str(body.get("message") or status), told)
