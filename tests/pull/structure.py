"""What a parser sees in a comment and in a page: elements without the words in them.

Owns      parsing as a Git host and as a browser do, and the words that a host would act upon.
"""

import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt

Element = tuple[str, ...]
_DATA = re.compile(r"^(data-|value$|alt$|src$)")
_UNTOUCHED = {"code", "pre", "a", "script", "style"}
"""Elements in whose text hosts look for nothing."""
ACTED_UPON = re.compile(
    r"@[\w-]|#\d|![\d\[]|\$\d|%\d|~\w|&\d|\^\w|\bGH-\d|\b[A-Z][A-Z0-9_]*-\d|[0-9a-f]{7}|://|\bwww\.|:\w+:|\[\[|\[\w+:|mailto:\w|\{\+|\[-|\*\*"
)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = (f"{name}={'' if _DATA.match(name) else value}" for name, value in attrs)
        self.elements.append((tag, *told))
        if tag not in ("br", "meta", "img", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.elements.append((f"/{tag}",))
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_comment(self, data: str) -> None:
        self.elements.append(("comment",))

    def handle_decl(self, decl: str) -> None:
        self.elements.append(("declaration", decl))

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def of_markdown(text: str) -> tuple[list[Element], str]:
    """Elements of a comment as a host renders it, and the text in which the host looks for mentions and links."""
    reader = _read(MarkdownIt("commonmark", {"html": True}).render(text))
    assert reader.open == [], f"left open: {reader.open}"
    return reader.elements, "\n".join(words for tag, words in reader.texts if tag not in _UNTOUCHED)


def of_page(html: str) -> list[Element]:
    """Elements of a page as a browser sees them."""
    reader = _read(html)
    assert reader.open == [], f"left open: {reader.open}"
    return reader.elements
