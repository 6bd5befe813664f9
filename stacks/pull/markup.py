"""Words of strangers inside of a comment: shown as they are, never acted upon.

Owns      escaping for what Git hosts make of a comment: Markdown, then HTML, then their own links and mentions.
Refuses   Markdown around data. Every datum stands inside of an HTML block, which Markdown leaves alone until a blank
          line, and a datum has no line ends.

Hosts look for mentions, issues, commits, addresses and emoji in the text of the finished HTML, but not inside of
`code`. So names and values are `code`; sentences, which hold such words too, have each trigger parted by a zero-width
space, which a reader does not see.
"""

import re
from urllib.parse import urlsplit

from stacks.tell.problems import printable

PARTING = "\u200b"
_ENTITIES = {ord(sign): f"&#{ord(sign)};" for sign in "&<>\"'`*[]|\\~$@#{}!"}
_TRIGGERS = re.compile(
    r"""
      (?<=[@\#!$%&~^{*])(?=[\w+\-{*\[])        # @team #12 !3 $4 %5 ~label &6 ^alert {+ **
    | (?<=:)(?=//) | (?<=:)(?=[\w+\-]+:)       # https:// :smile:
    | (?<=\[)(?=[\[\-+] | \w+:)               # [[_TOC_]] [- [vulnerability:7]
    | (?<=mailto:) | (?<=xmpp:)
    | (?<=\bwww)(?=\.)                         # www.example.com
    | (?<=[0-9a-f]{6})(?=[0-9a-f])             # abbreviated and full commits
    """,
    re.VERBOSE,
)
_KEYS = re.compile(r"\b[A-Z][A-Z0-9_]*(?=-\d)")
"""What trackers take for their own: GH-12, JIRA-12."""


class BadLinkError(Exception):
    """A link that is none."""


def checked(link: str) -> str:
    """A link that a page or a comment may hold, as it was given. Raises BadLinkError."""
    parts = urlsplit(link)
    if parts.scheme not in ("https", "http") or not parts.netloc or not re.fullmatch(r"[!#-;=?-_a-z~]+", link):
        raise BadLinkError(f"'{printable(link)}' is no link; write https://… without spaces and quotes")
    return link


def code(text: str, most: int = 100) -> str:
    """A name or a value, as `code`; nothing at all where it is empty."""
    return f"<code>{_entities(clipped(text, most))}</code>" if text else ""


def prose(text: str, most: int = 300) -> str:
    """A sentence that may hold words of strangers."""
    return _entities(_KEYS.sub(rf"\g<0>{PARTING}", _TRIGGERS.sub(PARTING, clipped(text, most))))


def clipped(text: str, most: int) -> str:
    """In one line without invisible characters, and no longer than `most` signs."""
    # Cut first: what is spelled out grows, and a very long text need not be spelled out to be cut.
    shown = printable(text[: most + 1])
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def _entities(text: str) -> str:
    return text.translate(_ENTITIES)
