"""Comments of a GitHub pull request.

Owns      GitHub's REST calls for them (docs.github.com/rest/issues/comments) and what its jobs say about themselves.
Refuses   to guess: a job without a pull request is an error.
"""

import json
import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from stacks.pull.http import PAGE, Api, NotPostedError
from stacks.pull.sticky import Note

_NAME = "GitHub"
_ACTIONS = "github-actions[bot]"
"""Who writes with a job's own token; that token may not ask who it is."""


class GitHub:
    """The comments of one pull request; `number` and the rest from the job's variables where not given."""

    def __init__(self, number: int | None = None, backoff: float = 1.0) -> None:
        self._event = _event()
        self.run = (int(os.environ.get("GITHUB_RUN_ID") or 0), int(os.environ.get("GITHUB_RUN_ATTEMPT") or 0))
        repository = os.environ.get("GITHUB_REPOSITORY", "")
        if repository.count("/") != 1:
            raise NotPostedError("which repository?", "set GITHUB_REPOSITORY to OWNER/NAME")
        found = number or self._number()
        if not found:
            raise NotPostedError("this job belongs to no pull request", "give --number")
        self._comments = f"/repos/{repository}/issues/{found}/comments"
        self._comment = f"/repos/{repository}/issues/comments"
        self._backoff = backoff

    @cached_property
    def _api(self) -> Api:
        token = os.environ.get("GITHUB_TOKEN", "")
        if not token:
            raise NotPostedError("there is no GITHUB_TOKEN", "pass it to the step: env: GITHUB_TOKEN", 403)
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
        base = os.environ.get("GITHUB_API_URL") or "https://api.github.com"
        return Api(base, _NAME, ("Authorization", f"Bearer {token}"), headers, self._backoff)

    def author(self) -> str:
        """Whose token it is; empty where nobody says."""
        try:
            return str(self._api.call("GET", "/user")["login"])
        except NotPostedError as error:
            if error.status != 403:
                raise
            return _ACTIONS if os.environ.get("GITHUB_ACTIONS") == "true" else ""

    def notes(self) -> Iterator[Note]:
        """All comments, oldest first."""
        return map(_note, self._api.pages(f"{self._comments}?per_page={PAGE}"))

    def create(self, body: str) -> Note:
        """A new comment."""
        return _note(self._api.call("POST", self._comments, {"body": body}))

    def update(self, note: Note, body: str) -> None:
        """Another text for a comment."""
        self._api.call("PATCH", f"{self._comment}/{note.id}", {"body": body})

    def delete(self, note: Note) -> None:
        """One comment less."""
        self._api.call("DELETE", f"{self._comment}/{note.id}")

    @property
    def foreign(self) -> bool:
        """Whether the pull request comes from where jobs get no right to write: a fork, or Dependabot."""
        request = self._event.get("pull_request") or {}
        head, base = ((request.get(side) or {}).get("repo") or {} for side in ("head", "base"))
        # A fork that was deleted has no repository at all.
        from_fork = bool(request) and head.get("full_name") != base.get("full_name")
        return from_fork or os.environ.get("GITHUB_ACTOR") == "dependabot[bot]"

    @property
    def advice(self) -> str:
        """What to do where the token may not write."""
        return "give the job `permissions: pull-requests: write`"

    def _number(self) -> int:
        request = self._event.get("pull_request") or {}
        others = (self._event.get("workflow_run") or {}).get("pull_requests") or [{}]
        return int(request.get("number") or self._event.get("number") or others[0].get("number") or 0)


def _event() -> dict[str, Any]:
    path = os.environ.get("GITHUB_EVENT_PATH", "")
    if not path:
        return {}
    try:
        found = json.loads(Path(path).read_bytes())
    except (OSError, ValueError):
        raise NotPostedError("the file of GITHUB_EVENT_PATH cannot be read") from None
    return found if isinstance(found, dict) else {}


def _note(found: dict[str, Any]) -> Note:
    return Note(int(found["id"]), str((found.get("user") or {}).get("login", "")), str(found.get("body") or ""))
