"""Calls to a host's REST API: with time limits, tried again where that helps, and errors that a person can act on.

Owns      the session, its retries, pages, and which answer is which error.
Refuses   to send a token in clear text, or to any other server than the one it was given for.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.util import Retry

from stacks.pull.markup import clipped

PAGE = 100
"""The most that GitHub and GitLab give at once."""
_CONNECT_SECONDS, _READ_SECONDS = 10, 30
_FORBIDDEN = 403
_LONGEST_WAIT = 60


class NotPostedError(Exception):
    """Why a report is not on its host, and the change to make."""

    def __init__(self, message: str, hint: str = "", status: int = 0) -> None:
        super().__init__(message)
        self.hint = hint
        self.status = status


class _Retry(Retry):
    """Too many requests are 403 at GitHub, with a time after which to come again; without one, 403 is final."""

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        return super().is_retry(method, status_code, has_retry_after) or (status_code == _FORBIDDEN and has_retry_after)


class _Token(AuthBase):
    """A header, as an `auth` of requests: a plain header would be replaced by what a .netrc says."""

    def __init__(self, header: str, value: str) -> None:
        self._header, self._value = header, value

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers[self._header] = self._value
        return request


class Api:
    """One host. `base` is the API's address, `told` the host's name in errors."""

    def __init__(
        self, base: str, told: str, token: tuple[str, str], headers: Mapping[str, str], backoff: float
    ) -> None:
        parts = urlsplit(base)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
            raise NotPostedError(
                f"{told}'s API at {clipped(base, 100)} is not https", "a token must not travel in clear"
            )
        self._base, self._told = base.rstrip("/"), told
        self._session = requests.Session()
        self._session.headers.update({"User-Agent": "kafka-fleet", **headers})
        self._session.auth = _Token(*token)
        # A comment made twice by a retry is found and removed (`post.py`), so making one may be tried again too.
        retry = _Retry(
            total=5,
            backoff_factor=backoff,
            status_forcelist=(429, 500, 502, 503, 504),
            allowed_methods=None,
            raise_on_status=False,
            retry_after_max=_LONGEST_WAIT,
        )
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The answer's JSON; None where there is none. Raises NotPostedError."""
        answer = self._send(method, f"{self._base}{path}", body)
        return answer.json() if answer.content else None

    def pages(self, path: str) -> Iterator[Any]:
        """Every entry of a list, page by page. Raises NotPostedError."""
        address = f"{self._base}{path}"
        while address:
            answer = self._send("GET", address, None)
            yield from answer.json()
            address = answer.links.get("next", {}).get("url", "")
            if address and not address.startswith(f"{self._base}/"):
                raise NotPostedError(f"{self._told} leads to another server for the next page")

    def _send(self, method: str, address: str, body: Mapping[str, Any] | None) -> requests.Response:
        try:
            answer = self._session.request(
                method, address, json=body, timeout=(_CONNECT_SECONDS, _READ_SECONDS), allow_redirects=False
            )
        except requests.RequestException as error:
            # The class alone: the text of an error may hold the address, and an address a credential.
            raise NotPostedError(f"{self._told} could not be reached: {type(error).__name__}", "try again") from None
        if not answer.ok or answer.is_redirect:
            raise NotPostedError(f"{self._told} answers {answer.status_code}{_said(answer)}", "", answer.status_code)
        return answer


def _said(answer: requests.Response) -> str:
    """What the API says about an error, in one line."""
    try:
        found = answer.json()
    except requests.JSONDecodeError:
        return ""
    message = found.get("message") or found.get("error") if isinstance(found, dict) else ""
    return f": {clipped(str(message), 200)}" if message else ""
