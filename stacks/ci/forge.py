"""The forge's API, as far as pipelines need it: which commits were applied, and one issue.

Owns      the questions and answers, for both forges.
Refuses   issues of others: what we write into a stranger's issue the stranger can change afterwards.
Source    docs.github.com/rest (deployments, issues), docs.gitlab.com/api (deployments, issues). Read 2026-11; no forge
          was asked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from stacks.ci.error import CiError
from stacks.pull.http import PAGE, Api

_ACTIONS = "github-actions[bot]"
_BACKOFF_SECONDS = 1.0


@dataclass(frozen=True)
class Issue:
    """An open issue of ours; `number` is what people see."""

    number: int
    body: str


class Forge(Protocol):
    """What both forges can be asked. Every method may raise NotPostedError."""

    def applied(self, environment: str) -> Iterator[str]:
        """Commits that were deployed to an environment with success, latest first."""

    def issues(self) -> Iterator[Issue]:
        """Open issues that this token's owner wrote."""

    def open(self, title: str, body: str) -> int:
        """Open an issue; its number."""

    def edit(self, number: int, body: str, *, close: bool = False) -> None:
        """Replace an issue's text, and perhaps close it."""


class GitHub:
    """By GITHUB_REPOSITORY, GITHUB_TOKEN and GITHUB_API_URL, which every job has or is given."""

    def __init__(self, environment: Mapping[str, str], backoff: float = _BACKOFF_SECONDS) -> None:
        self._repository = f"/repos/{_said(environment, 'GITHUB_REPOSITORY')}"
        self._actions = environment.get("GITHUB_ACTIONS") == "true"
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
        self._api = Api(
            environment.get("GITHUB_API_URL") or "https://api.github.com",
            "GitHub",
            ("Authorization", f"Bearer {_said(environment, 'GITHUB_TOKEN')}"),
            headers,
            backoff,
        )

    def applied(self, environment: str) -> Iterator[str]:
        """By the deployments that GitHub makes for jobs with an `environment:`."""
        where = f"{self._repository}/deployments"
        for one in self._api.pages(f"{where}?environment={quote(environment, safe='')}&per_page={PAGE}"):
            statuses: list[dict[str, Any]] = self._api.call("GET", f"{where}/{int(one['id'])}/statuses?per_page=1")
            # An older success turns `inactive` when a newer one comes.
            if statuses and statuses[0].get("state") in ("success", "inactive"):
                yield str(one["sha"])

    def issues(self) -> Iterator[Issue]:
        """Without pull requests, which GitHub lists as issues too."""
        author = _ACTIONS if self._actions else str(self._api.call("GET", "/user")["login"])
        found = f"{self._repository}/issues?state=open&creator={quote(author, safe='')}&per_page={PAGE}"
        for one in self._api.pages(found):
            if "pull_request" not in one and (one.get("user") or {}).get("login") == author:
                yield Issue(int(one["number"]), str(one.get("body") or ""))

    def open(self, title: str, body: str) -> int:
        """Open an issue; its number."""
        return int(self._api.call("POST", f"{self._repository}/issues", {"title": title, "body": body})["number"])

    def edit(self, number: int, body: str, *, close: bool = False) -> None:
        """Replace an issue's text, and perhaps close it."""
        given = {"body": body, **({"state": "closed"} if close else {})}
        self._api.call("PATCH", f"{self._repository}/issues/{number}", given)


class GitLab:
    """By CI_API_V4_URL, CI_PROJECT_ID and FLEET_GITLAB_TOKEN, an access token of the project."""

    def __init__(self, environment: Mapping[str, str], backoff: float = _BACKOFF_SECONDS) -> None:
        self._project = f"/projects/{quote(_said(environment, 'CI_PROJECT_ID'), safe='')}"
        base = environment.get("CI_API_V4_URL") or "https://gitlab.com/api/v4"
        token = ("PRIVATE-TOKEN", _said(environment, "FLEET_GITLAB_TOKEN"))
        self._api = Api(base, "GitLab", token, {}, backoff)

    def applied(self, environment: str) -> Iterator[str]:
        """By the deployments that GitLab makes for jobs with an `environment:`."""
        query = f"environment={quote(environment, safe='')}&status=success&order_by=id&sort=desc&per_page={PAGE}"
        return (str(one["sha"]) for one in self._api.pages(f"{self._project}/deployments?{query}"))

    def issues(self) -> Iterator[Issue]:
        """Those that are the token's own."""
        author = str(self._api.call("GET", "/user")["username"])
        for one in self._api.pages(f"{self._project}/issues?state=opened&scope=all&per_page={PAGE}"):
            if (one.get("author") or {}).get("username") == author:
                yield Issue(int(one["iid"]), str(one.get("description") or ""))

    def open(self, title: str, body: str) -> int:
        """Open an issue; its number."""
        return int(self._api.call("POST", f"{self._project}/issues", {"title": title, "description": body})["iid"])

    def edit(self, number: int, body: str, *, close: bool = False) -> None:
        """Replace an issue's text, and perhaps close it."""
        given = {"description": body, **({"state_event": "close"} if close else {})}
        self._api.call("PUT", f"{self._project}/issues/{number}", given)


FORGES: Mapping[str, type[GitHub] | type[GitLab]] = {"github": GitHub, "gitlab": GitLab}


def _said(environment: Mapping[str, str], name: str) -> str:
    if value := environment.get(name):
        return value
    raise CiError(f"{name} is not set", "run it in a job of the forge, or set it")
