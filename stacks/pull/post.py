"""A report on its way to the host: the comment, or where a job may not write one, the job's own page.

Owns      what happens when a host says no.
Refuses   to fail a fork's job for a right that nobody gives it.
"""

import os
from pathlib import Path
from typing import Literal

from stacks.pull.comment import MARKER, SUMMARY
from stacks.pull.github import GitHub
from stacks.pull.gitlab import GitLab
from stacks.pull.http import NotPostedError
from stacks.pull.parts import size
from stacks.pull.sticky import stick

__all__ = ["NotPostedError", "post_to"]
_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND = 401, 403, 404
_HINTS = {
    _UNAUTHORIZED: "the token is not valid, or no longer",
    _NOT_FOUND: "there is no such pull request, or the token may not see it",
    422: "the host takes no such comment: is it too long, or is the conversation locked?",
    429: "too many requests: try again later",
}


def post_to(
    host: Literal["github", "gitlab"],
    body: str,
    summary: str | None = None,
    number: int | None = None,
    author: str = "",
    backoff: float = 1.0,
) -> str:
    """Post it, and say what was done. `summary` goes to the job's page in any case. Raises NotPostedError."""
    if summary is not None:
        _to_page(summary)
    where = GitHub(number, backoff) if host == "github" else GitLab(number, backoff)
    try:
        return stick(where, body, author)
    except NotPostedError as error:
        if error.status == _FORBIDDEN and where.foreign:
            return _elsewhere(body if summary is None else None)
        hint = error.hint or (where.advice if error.status == _FORBIDDEN else _HINTS.get(error.status, ""))
        raise NotPostedError(str(error), hint, error.status) from None


def _elsewhere(body: str | None) -> str:
    if path := os.environ.get("GITHUB_STEP_SUMMARY"):
        if body is not None and not _told(Path(path)):
            _to_page(f"{body}\n<p>Shown here: jobs for pull requests of forks may not comment.</p>\n")
        return "no right to comment, as for every fork: the report is on the job's page"
    return "no right to comment, as for every fork: the report is in the job's artifacts"


def _told(page: Path) -> bool:
    """Whether a report stands there already, as `fleet report --format summary` writes it."""
    return page.is_file() and MARKER in page.read_text("utf-8", errors="replace")


def _to_page(text: str) -> None:
    path = os.environ.get("GITHUB_STEP_SUMMARY", "")
    if not path:
        return
    if size(text) > SUMMARY + 1000:
        raise NotPostedError("the summary is too long", "write it with `fleet report --format summary`")
    try:
        with Path(path).open("a", encoding="utf-8", errors="replace") as file:
            file.write(text)
    except OSError as error:
        raise NotPostedError(f"the job's page cannot be written: {error.strerror}") from None
