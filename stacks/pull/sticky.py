"""One comment that stays one: found again by its marker, updated in place, whoever runs at the same time.

Owns      which comment is ours, which of several stays, and which text is the newest.
Refuses   comments of others: a marker can be copied by anyone, and what we write into a stranger's comment the stranger
          can change afterwards.

Two runs that find none make two. Each looks again after that, and both keep the oldest with the newest text, so that
whichever comes last leaves one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from stacks.pull.comment import MARKER
from stacks.pull.http import NotPostedError

_WORDS = MARKER.removesuffix(" -->")
_MARKED = re.compile(re.escape(_WORDS) + r"(?: run=(\d{1,18})\.(\d{1,18}))? -->")
_GONE = 404
_TIMES = 3

Run = tuple[int, int]
"""Number of a run and of its attempt: later ones are larger."""


@dataclass(frozen=True)
class Note:
    """A comment on a host. `id` grows."""

    id: int
    author: str
    body: str


class Host(Protocol):
    """Where comments are. Every method may raise NotPostedError."""

    run: Run

    def author(self) -> str:
        """Whose token it is; empty where nobody says."""

    def notes(self) -> Iterator[Note]:
        """All comments."""

    def create(self, body: str) -> Note:
        """A new comment."""

    def update(self, note: Note, body: str) -> None:
        """Another text for a comment."""

    def delete(self, note: Note) -> None:
        """One comment less."""


def stick(host: Host, body: str, author: str = "") -> str:
    """Make `body` the text of the one comment; says what was done. Raises NotPostedError."""
    if not _MARKED.match(body):
        raise NotPostedError("the text has no marker", "post what `fleet report --format comment` wrote")
    text = _MARKED.sub(f"{_WORDS} run={host.run[0]}.{host.run[1]} -->", body, count=1)
    known = author or host.author()
    for _ in range(_TIMES):
        try:
            return _stick(host, text, known)
        except NotPostedError as error:
            if error.status != _GONE:
                raise
            gone = error
    raise gone


def _stick(host: Host, text: str, author: str) -> str:
    found = _ours(host, author) if author else []
    done = ""
    if not found:
        made = host.create(text)
        # Whoever the host says wrote it is who we are, where it did not say so before.
        every = {note.id: note for note in (made, *_ours(host, made.author))}
        found = [every[number] for number in sorted(every)]
        done = "made the comment"
    first, *others = found
    newest = max((text, *(note.body for note in found)), key=_run)
    if not _same(first.body, newest):
        host.update(first, newest)
        done = "updated the comment"
    for note in others:
        try:
            host.delete(note)
        except NotPostedError as error:
            if error.status != _GONE:
                raise
    if not _same(newest, text):
        return "left the comment as it is: a later run has written it"
    return done or "the comment says so already"


def _ours(host: Host, author: str) -> list[Note]:
    found = {note.id: note for note in host.notes() if note.author == author and _MARKED.match(note.body)}
    return [found[number] for number in sorted(found)]


def _run(body: str) -> Run:
    match = _MARKED.match(body)
    return (int(match[1] or 0), int(match[2] or 0)) if match else (0, 0)


def _same(one: str, other: str) -> bool:
    """Hosts change line ends and drop space at the end."""
    return one.replace("\r\n", "\n").rstrip() == other.replace("\r\n", "\n").rstrip()
