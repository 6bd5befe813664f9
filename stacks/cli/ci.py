"""`fleet ci`: the pipelines at the forge and their steps, which a person can run as well."""

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from stacks.cli.exit import Exit
from stacks.cli.root import load, root, stop

if TYPE_CHECKING:
    from stacks.ci.error import CiError
    from stacks.ci_spec import CiSettings
    from stacks.plan.git import RevisionError
    from stacks.pull.http import NotPostedError

group = typer.Typer(help="Pipelines, owners, and the steps that pipelines take.", no_args_is_help=True)


class ForgeName(StrEnum):
    """Where the repository is."""

    github = "github"
    gitlab = "gitlab"


class Role(StrEnum):
    """What CI may be in the clouds."""

    preview = "preview"
    apply = "apply"


Check = Annotated[bool, typer.Option("--check", help="Only say which differ; exit code 1 if any.")]
Link = Annotated[str, typer.Option(help="Where the run is, for whoever reads on.")]
Post = Annotated[ForgeName | None, typer.Option(help="Post it there; by default it is only printed.")]


def register(app: typer.Typer) -> None:
    """Add the command group."""
    app.add_typer(group, name="ci")


@group.command()
def init(forge: Annotated[ForgeName, typer.Argument(help="The forge.")], *, check: Check = False) -> None:
    """Write the pipelines of a forge from the `ci:` section of fleet.yaml."""
    from stacks.ci.owners import write
    from stacks.ci.workflows import workflows

    at = root()
    changed = [path for path, text in workflows(forge, _settings()).items() if write(at / path, text, check)]
    _tell(changed, check, f"fleet ci init {forge.value}")


@group.command()
def codeowners(*, check: Check = False) -> None:
    """Write CODEOWNERS from who owns what in the fleet."""
    from stacks.ci.owners import codeowners as text
    from stacks.ci.owners import write

    fleet = load(root())
    _tell(["CODEOWNERS"] if write(fleet.root / "CODEOWNERS", text(fleet), check) else [], check, "fleet ci codeowners")


@group.command()
def take(
    change: Annotated[Path, typer.Argument(help="A clone that has the change, with its history.")],
    *,
    commit: Annotated[str, typer.Option(help="The change's commit.")],
) -> None:
    """Lay a change's fleet/ over this checkout, and say whose code is to be run: `tree=base` or `tree=change`."""
    from stacks.ci.error import CiError
    from stacks.ci.take import take as taken
    from stacks.plan.git import RevisionError

    try:
        found = taken(root(), change, commit)
    except (CiError, RevisionError) as error:
        _stop(error)
    for path in found.code[:20]:
        sys.stderr.write(f"touches code: {path.encode('unicode_escape').decode()}\n")
    sys.stdout.write(f"tree={found.tree}\n")


@group.command()
def shards(
    plan: Annotated[Path | None, typer.Argument(help="What `fleet plan --output json` printed.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Of all stacks of the fleet.")] = False,
) -> None:
    """Say among how many jobs the stacks are shared: `shards=["1/2", "2/2"]`."""
    from pydantic import ValidationError

    from stacks.ci.shards import told
    from stacks.plan.document import Plan

    if (plan is None) is not every:
        stop("name a plan's file, or give --all", code=Exit.USAGE)
    if plan is None:
        number = len(load(root()).stacks)
    else:
        try:
            number = len(Plan.model_validate_json(plan.read_bytes()).stacks)
        except (OSError, ValidationError) as error:
            stop(f"{plan} is no plan ({type(error).__name__})", "fleet plan --output json")
    sys.stdout.write(told(number, _settings()))


@group.command()
def base(
    *,
    before: Annotated[str, typer.Option(help="The commit to take where nothing was ever applied.")] = "",
) -> None:
    """Print the commit whose apply succeeded last: what an apply compares with."""
    from stacks.ci.base import base as found
    from stacks.ci.error import CiError
    from stacks.ci.forge import FORGES
    from stacks.plan.git import RevisionError
    from stacks.pull.http import NotPostedError

    settings = _settings()
    try:
        forge = FORGES[settings.forge](os.environ) if settings.logins else None
        commit = found(root(), forge, settings.environments.apply, before)
    except (CiError, RevisionError, NotPostedError) as error:
        _stop(error)
    sys.stdout.write(f"{commit}\n")


@group.command(context_settings={"ignore_unknown_options": True})
def login(
    role: Annotated[Role, typer.Argument(help="preview reads the clouds, apply changes them.")],
    command: Annotated[list[str], typer.Argument(help="What to run, after `--`.")],
) -> None:
    """Run a command with the credentials of one of CI's roles. Without `ci.clouds` it runs as it is."""
    from stacks.ci.error import CiError
    from stacks.ci.login import run

    try:
        code = run(role.value, command, _settings())
    except CiError as error:
        _stop(error)
    raise SystemExit(code if code >= 0 else 128 - code)


@group.command()
def applied(report: Annotated[Path, typer.Argument(help="What `fleet up --output json` printed.")]) -> None:
    """Print what an apply came to, and the next step for a person, as Markdown."""
    from stacks.ci.error import CiError
    from stacks.ci.runs import read, summary

    try:
        sys.stdout.write(summary(read([report])))
    except CiError as error:
        _stop(error)


@group.command()
def drift(
    found: Annotated[Path, typer.Argument(help="Folder with reports of `fleet refresh --preview-only`.")],
    *,
    link: Link = "",
    post: Post = None,
) -> None:
    """Print what differs in the clouds, as Markdown, and keep the one issue about it."""
    from stacks.ci import issue
    from stacks.ci.error import CiError
    from stacks.ci.forge import FORGES
    from stacks.ci.runs import drift as told
    from stacks.ci.runs import read
    from stacks.pull.http import NotPostedError
    from stacks.pull.markup import BadLinkError, checked

    try:
        body, differs = told(read(found.rglob("*.json")), checked(link) if link else "")
        sys.stdout.write(body)
        if post is not None:
            sys.stderr.write(f"{issue.keep(FORGES[post.value](os.environ), body, differs=differs)}\n")
    except BadLinkError as error:
        stop(str(error), code=Exit.USAGE)
    except (CiError, NotPostedError) as error:
        _stop(error)


def _settings() -> "CiSettings":
    from stacks.ci_spec import CiSettings

    fleet = load(root())
    return fleet.settings.ci if fleet.settings else CiSettings()


def _tell(changed: list[str], check: bool, command: str) -> None:
    for path in changed:
        sys.stdout.write(f"{'differs' if check else 'written'}: {path}\n")
    if changed and check:
        stop("these are not what the fleet says", f"run `{command}` and commit")


def _stop(error: "CiError | RevisionError | NotPostedError") -> NoReturn:
    stop(str(error), error.hint)
