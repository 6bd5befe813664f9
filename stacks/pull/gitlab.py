"""Notes of a GitLab merge request.

Owns      GitLab's REST calls for them (docs.gitlab.com/api/notes) and what its jobs say about themselves.
Refuses   the job's own token: GitLab lets it write no notes.
"""

import os
from collections.abc import Iterator
from functools import cached_property
from typing import Any
from urllib.parse import quote

from stacks.pull.http import PAGE, Api, NotPostedError
from stacks.pull.sticky import Note


class GitLab:
    """The notes of one merge request; `number` and the rest from the job's variables where not given."""

    def __init__(self, number: int | None = None, backoff: float = 1.0) -> None:
        self.run = (int(os.environ.get("CI_PIPELINE_ID") or 0), int(os.environ.get("CI_JOB_ID") or 0))
        project = os.environ.get("CI_MERGE_REQUEST_PROJECT_ID") or os.environ.get("CI_PROJECT_ID", "")
        found = number or int(os.environ.get("CI_MERGE_REQUEST_IID") or 0)
        if not project:
            raise NotPostedError("which project?", "set CI_PROJECT_ID")
        if not found:
            raise NotPostedError("this job belongs to no merge request", "run it in merge request pipelines")
        self._notes = f"/projects/{quote(project, safe='')}/merge_requests/{found}/notes"
        self._backoff = backoff

    @cached_property
    def _api(self) -> Api:
        token = os.environ.get("FLEET_GITLAB_TOKEN") or os.environ.get("GITLAB_TOKEN", "")
        if not token:
            raise NotPostedError("there is no FLEET_GITLAB_TOKEN", self.advice, 403)
        base = os.environ.get("CI_API_V4_URL") or "https://gitlab.com/api/v4"
        return Api(base, "GitLab", ("PRIVATE-TOKEN", token), {}, self._backoff)

    def author(self) -> str:
        """Whose token it is."""
        return str(self._api.call("GET", "/user")["username"])

    def notes(self) -> Iterator[Note]:
        """All notes that people and bots wrote, oldest first."""
        found = self._api.pages(f"{self._notes}?per_page={PAGE}&sort=asc&order_by=created_at")
        return (_note(one) for one in found if not one.get("system"))

    def create(self, body: str) -> Note:
        """A new note."""
        return _note(self._api.call("POST", self._notes, {"body": body}))

    def update(self, note: Note, body: str) -> None:
        """Another text for a note."""
        self._api.call("PUT", f"{self._notes}/{note.id}", {"body": body})

    def delete(self, note: Note) -> None:
        """One note less."""
        self._api.call("DELETE", f"{self._notes}/{note.id}")

    @property
    def foreign(self) -> bool:
        """Whether the merge request comes from a fork, whose jobs get no protected variables."""
        source, target = (os.environ.get(f"CI_MERGE_REQUEST_{side}_PROJECT_ID", "") for side in ("SOURCE", "TARGET"))
        target = target or os.environ.get("CI_MERGE_REQUEST_PROJECT_ID", "")
        return bool(source) and source != target

    @property
    def advice(self) -> str:
        """What to do where the token may not write."""
        return "set FLEET_GITLAB_TOKEN to a project access token with the scope `api` and the role Reporter"


def _note(found: dict[str, Any]) -> Note:
    return Note(int(found["id"]), str((found.get("author") or {}).get("username", "")), str(found.get("body") or ""))
