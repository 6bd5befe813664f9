"""GitHub's and GitLab's comments on a real HTTP server of this machine, as far as a sticky comment needs them.

Owns      pages of 100 with `Link`, ids, authors, and the answers that go wrong when asked for.
"""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

BOT, PERSON = "github-actions[bot]", "mallory"


@dataclass
class World:
    """What the host knows. `fail` maps `METHOD` or `METHOD path-pattern` to answers to give first: (status, body)."""

    kind: str
    base: str = ""
    token: str = "good"  # noqa: S105 - of a test
    me: str | None = BOT
    notes: dict[int, dict[str, Any]] = field(default_factory=dict)
    fail: dict[str, list[tuple[int, dict[str, Any], dict[str, str]]]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    before_create: Callable[[], None] = lambda: None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, body: str, author: str) -> int:
        """A comment from somewhere else."""
        with self.lock:
            number = max(self.notes, default=100) + 1
            key = "user" if self.kind == "github" else "author"
            name = "login" if self.kind == "github" else "username"
            self.notes[number] = {"id": number, "body": body, key: {name: author}, "system": False}
            return number

    @property
    def marked(self) -> list[str]:
        """Bodies of the bot's comments."""
        author = "user" if self.kind == "github" else "author"
        return [one["body"] for one in self.notes.values() if BOT in one[author].values()]


class _Handler(BaseHTTPRequestHandler):
    world: World
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""

    def _answer(self, status: int, body: Any = None, headers: dict[str, str] | None = None) -> None:
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _serve(self) -> None:
        world, parts = self.world, urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        given = json.loads(self.rfile.read(length)) if length else {}
        world.calls.append(f"{self.command} {parts.path}")
        for pattern, answers in world.fail.items():
            if answers and re.fullmatch(pattern, f"{self.command} {parts.path}"):
                return self._answer(*answers.pop(0))
        header = "Authorization" if world.kind == "github" else "PRIVATE-TOKEN"
        if self.headers.get(header) not in (world.token, f"Bearer {world.token}"):
            return self._answer(401, {"message": "Bad credentials"})
        if parts.path.endswith("/user"):
            return self._me()
        one = re.fullmatch(r".*/(?:issues/comments|notes)/(\d+)", parts.path)
        if one:
            return self._one(int(one[1]), given)
        if re.fullmatch(r".*/(?:issues|merge_requests)/7/(?:comments|notes)", parts.path):
            return self._all(given, parse_qs(parts.query))
        return self._answer(404, {"message": "Not Found"})

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815 - the server's names

    def _me(self) -> None:
        if self.world.me is None:
            return self._answer(403, {"message": "Resource not accessible by integration"})
        return self._answer(200, {"login" if self.world.kind == "github" else "username": self.world.me})

    def _one(self, number: int, given: dict[str, Any]) -> None:
        with self.world.lock:
            if number not in self.world.notes:
                return self._answer(404, {"message": "Not Found"})
            if self.command == "DELETE":
                del self.world.notes[number]
                return self._answer(204)
            self.world.notes[number]["body"] = given["body"]
            return self._answer(200, self.world.notes[number])

    def _all(self, given: dict[str, Any], query: dict[str, list[str]]) -> None:
        if self.command == "POST":
            self.world.before_create()
            return self._answer(201, self.world.notes[self.world.add(given["body"], self.world.me or BOT)])
        size, number = int(query["per_page"][0]), int(query.get("page", ["1"])[0])
        found = [self.world.notes[key] for key in sorted(self.world.notes)]
        rest = len(found) > size * number
        path = urlsplit(self.path).path
        link = f'<{self.world.base}{path.removeprefix("/api")}?per_page={size}&page={number + 1}>; rel="next"'
        return self._answer(200, found[size * (number - 1) : size * number], {"Link": link} if rest else {})


@contextmanager
def hosting(kind: str) -> Iterator[World]:
    """Serve a host with one pull request, number 7, of the repository `acme/fleet`."""
    world = World(kind)
    handler = type("Handler", (_Handler,), {"world": world})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    world.base = f"http://127.0.0.1:{server.server_port}/api"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield world
    server.shutdown()
    server.server_close()
