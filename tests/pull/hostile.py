"""Strings that strangers would put into a fleet file or a cloud's name, and every text field of a document.

Owns      the list, and finding all text fields of a model so that none is forgotten.
"""

from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st
from pydantic import BaseModel

STRINGS = (
    "</details>",
    "</code></td></tr></table></details><h1>approved</h1>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "-->",
    "<!-- kafka-fleet report run=9.9 -->",
    "@team and @org/team",
    "#123 GH-12 org/repo#1 !12 $3 %5 ~bug &7 ^alert JIRA-77",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709 da39a3e",
    "![x](http://evil.example/x.png) [y](javascript:alert(1))",
    "http://evil.example www.evil.example ftp://x a@b.example mailto:a@b.example",
    "::error file=a::b",
    "\n::set-output name=x::y\n",
    "%0A::error::x",
    "\x1b[31mred\x1b[0m \x9b31m",
    "a\u202egnp.exe \u2066x\u2069 \u200bzero\ufeff \U000e0041\U000e0042",
    "nul\0nul\x7f\x85\u2028\u2029",
    "x" * 10_000,
    "\n\n\n# title\n\n* a\n\n```\ncode\n```\n",
    "`````",
    "```mermaid\nflowchart LR\n```",
    "a | b | c\n--- | ---",
    "${{ secrets.TOKEN }} $(id) `id`",
    '=cmd|" /C calc"!A0',
    "/close\n/approve",
    "[vulnerability:7] [epic:a&1] mailto:x",
    ":tada: :+1: [[_TOC_]] {+ + } {- -} $`x`$ $$x$$",
    "{{ 7*7 }} {% raw %} {0} %s",
    "\\",
    "\\|",
    '"\' onmouseover="x',
    "&lt;b&gt; &#x40;team &amp;",
    "\ud800 \udfff",
    "[ ](a) <http://a> <a@b> _a_ **b** ~~c~~ ---",
)

TEXTS = st.one_of(
    st.sampled_from(STRINGS),
    st.text(
        st.one_of(st.sampled_from("\n\r\t\x1b\x00%:,{}[]()\\'\"`<>@$;|!#&*_~^/-.=+\u202e"), st.characters()), min_size=1
    ),
)

FIXED = {"impact", "kind", "action", "severity", "part", "operation", "result", "op", "word"}
"""Fields whose words the models themselves allow or that only our own code writes."""


def replaced(model: Any, change: Callable[[str, str], str], field: str = "") -> Any:
    """The same document with every text of a stranger changed: `change(field, text)`."""
    if isinstance(model, BaseModel):
        update = {name: replaced(getattr(model, name), change, name) for name in type(model).model_fields}
        return model.model_copy(update=update)
    if isinstance(model, tuple | list):
        return type(model)(replaced(one, change, field) for one in model)
    if isinstance(model, str) and model and field not in FIXED:
        return change(field, model)
    return model


def texts(model: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a stranger with its field."""
    found: list[tuple[str, str]] = []
    replaced(model, lambda name, text: found.append((name, text)) or text, field)
    yield from found
