"""The full report: one HTML file that needs nothing else, neither a server nor the network.

Owns      what the page is filled with, and a policy by which a browser runs no other script than ours.
Refuses   data as markup: the template engine escapes every value, and invisible characters are spelled out.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from components.impact.contract import severity
from stacks.pull import words
from stacks.pull.document import Network, Pull
from stacks.pull.markup import checked, clipped
from stacks.pull.rows import failed, rows
from stacks.pull.verdict import MANDATORY, many
from stacks.tell.beyond import line
from stacks.tell.counting import is_root, kind

_LONGEST = 2000
"""Signs of one value: the page is read by people."""


def page(pull: Pull, link: str = "") -> str:
    """The report as HTML text. `link` leads to the job or the pull request. Raises BadLinkError."""
    every = rows(pull.plan, pull.preview)
    planned = [row.planned for row in every if row.planned]
    impacts = sorted({row.impact for row in every}, key=lambda name: (-severity(name), name))
    return (
        _environment()
        .get_template("page.html")
        .render(
            pull=pull,
            rows=every,
            link=checked(link) if link else "",
            choices=(
                ("impact", impacts),
                ("ring", sorted({one.ring for one in planned} - {""})),
                ("owner", sorted({one.owner for one in planned} - {""})),
                ("environment", sorted({one.environment for one in planned} - {""})),
            ),
            policies=sorted(
                ((one, row.name) for row in every if row.seen for one in row.seen.policies),
                key=lambda pair: (pair[0].level != MANDATORY, pair[0].policy, pair[1]),
            ),
            style=Markup(_file("page.css")),  # noqa: S704 - our own file
            script=Markup(_file("page.js")),  # noqa: S704 - our own file
            content_policy=_content_policy(),
        )
    )


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        beyond=line,
        words=words,
        many=many,
        failed=failed,
        kind=kind,
        is_root=is_root,
        picture=_picture,
        severity=severity,
    )
    return made


def _shown(value: Any) -> Any:
    """Every text on its way into the page."""
    return clipped(value, _LONGEST) if isinstance(value, str) and not isinstance(value, Markup) else value


def _picture(network: Network) -> Markup:
    """As an image of its own: what is in it can neither run nor load anything."""
    data = base64.b64encode(network.svg.encode("utf-8", errors="replace")).decode()
    return Markup("data:image/svg+xml;base64,{}").format(data)


def _content_policy() -> Markup:
    script, style = (_digest(_file(name)) for name in ("page.js", "page.css"))
    return Markup(  # noqa: S704 - of digests
        f"default-src 'none'; img-src data:; script-src '{script}'; style-src '{style}'; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def _file(name: str) -> str:
    return (Path(__file__).parent / name).read_text("utf-8")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
