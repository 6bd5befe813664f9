"""`fleet report`: one report of a change, from what `fleet plan` and `fleet preview` wrote, and its way to the host."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stacks.cli.exit import Exit
from stacks.cli.root import nearby, stop

if TYPE_CHECKING:
    from stacks.fleet import Fleet
    from stacks.plan.document import Plan
    from stacks.pull.document import Pull


class Form(StrEnum):
    """What a report is written as."""

    comment = "comment"
    summary = "summary"
    html = "html"
    json = "json"
    sarif = "sarif"
    workflow = "workflow"
    gitlab = "gitlab"


def register(app: typer.Typer) -> None:
    """Add the command and what is below it."""
    reports = typer.Typer(name="report", invoke_without_command=True, rich_markup_mode=None)
    reports.callback()(report)
    reports.command()(post)
    app.add_typer(reports)


def report(
    context: typer.Context,
    plan: Annotated[Path | None, typer.Option(help="What `fleet plan --output json` wrote.")] = None,
    preview: Annotated[
        list[Path] | None, typer.Option(help="What `fleet preview --output json` wrote; once for each shard.")
    ] = None,
    approved: Annotated[
        Path | None, typer.Option(help="The plan file that `fleet up --plan` will be held to: its digest is shown.")
    ] = None,
    link: Annotated[str, typer.Option(help="Where the full report or the job is.")] = "",
    form: Annotated[Form, typer.Option("--format", help="What it is written as.")] = Form.comment,
    file: Annotated[Path | None, typer.Option("--output", "-o", help="Write it here. By default to stdout.")] = None,
) -> None:
    """Tell what a change does, to whom it may concern: a comment, a page, data, or notes at lines."""
    if context.invoked_subcommand is not None:
        return
    from stacks.pull.gather import UnreadableError
    from stacks.pull.markup import BadLinkError

    if plan is None and not preview:
        stop("nothing to report on", "give --plan FILE, --preview FILE, or both", Exit.USAGE)
    try:
        text = _written(_gathered(plan, preview or [], approved), form, link)
    except (UnreadableError, BadLinkError) as error:
        stop(str(error), code=Exit.USAGE)
    if file is None:
        sys.stdout.write(text)
        return
    try:
        file.write_text(text, "utf-8", errors="backslashreplace")
    except OSError as error:
        stop(f"{file} cannot be written: {error.strerror}")


def _gathered(plan: Path | None, previews: list[Path], approved: Path | None) -> "Pull":
    from stacks.approve.document import BadPlanError, load
    from stacks.plan.document import Plan
    from stacks.pull.gather import UnreadableError, pull, read
    from stacks.run.report import Report

    planned = read(plan, Plan, "fleet plan --output json") if plan else None
    seen = [read(path, Report, "fleet preview --output json") for path in previews]
    digest = ""
    if approved:
        try:
            digest = load(approved.read_text("utf-8")).digest
        except OSError as error:
            raise UnreadableError(f"{approved} cannot be read: {error.strerror}") from None
        except BadPlanError as error:
            raise UnreadableError(f"{approved}: {error}") from None
    return pull(planned, seen, _fleet(planned), digest)


def _fleet(plan: "Plan | None") -> "Fleet | None":
    """The files, only where a network is to be drawn and can be: broken files have none."""
    at = nearby() if plan and plan.pictures else None
    if at is None:
        return None
    from stacks.snapshot import snapshot

    fleet = snapshot(at)
    return None if fleet.errors else fleet


def _written(pull: "Pull", form: Form, link: str) -> str:
    from io import StringIO

    from stacks.pull import comment, notes
    from stacks.pull.page import page
    from stacks.tell.problems import write

    if form is Form.comment:
        return comment.comment(pull, link)
    if form is Form.summary:
        return comment.summary(pull, link)
    if form is Form.html:
        return page(pull, link)
    if form is Form.json:
        return pull.model_dump_json(indent=2, exclude_none=True) + "\n"
    stream = StringIO()
    write(notes.problems(pull), "github" if form is Form.workflow else form.value, stream)
    return stream.getvalue()


def post(
    body: Annotated[Path, typer.Option(help="The comment that `fleet report --format comment` wrote.")],
    *,
    github: Annotated[bool, typer.Option("--github", help="On a GitHub pull request.")] = False,
    gitlab: Annotated[bool, typer.Option("--gitlab", help="On a GitLab merge request.")] = False,
    summary: Annotated[
        Path | None, typer.Option(help="What the job's page shows; by default the comment, and only if it must.")
    ] = None,
    number: Annotated[int | None, typer.Option(help="Pull or merge request; by default this job's.")] = None,
    author: Annotated[str, typer.Option(help="Who writes the comment; by default whose token it is.")] = "",
) -> None:
    """Put the comment on the pull request: the one that is there is updated, else it is made."""
    from stacks.pull.post import NotPostedError, post_to

    if github == gitlab:
        stop("where to?", "give --github or --gitlab", Exit.USAGE)
    try:
        text = body.read_text("utf-8")
        shown = summary.read_text("utf-8") if summary else None
    except (OSError, UnicodeDecodeError) as error:
        stop(f"the report cannot be read: {error}", code=Exit.USAGE)
    try:
        sys.stderr.write(post_to("github" if github else "gitlab", text, shown, number, author) + "\n")
    except NotPostedError as error:
        stop(str(error), error.hint)
