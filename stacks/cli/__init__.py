"""The `fleet` command.

Owns      the list of subcommands.
Refuses   work of its own: each subcommand is a file here that calls the spine, and loads what it needs when it runs,
          because `fleet validate` must not wait for an engine's SDK.
"""

import sys

import typer


def application() -> typer.Typer:
    """The command with all its subcommands. Not at import: a package that breaks the catalog breaks what is here."""
    from stacks.cli import (
        approve,
        bootstrap,
        ci,
        connect,
        cost,
        new,
        picture,
        plan,
        policies,
        render,
        report,
        retire,
        run,
        sandbox,
        schema,
        state,
        validate,
    )

    app = typer.Typer(
        name="fleet",
        help="A fleet of Kafka clusters, declared in fleet/ and applied by Pulumi.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    for part in (
        validate,
        plan,
        policies,
        cost,
        render,
        run,
        state,
        new,
        retire,
        schema,
        sandbox,
        connect,
        picture,
        report,
        approve,
        ci,
        bootstrap,
    ):
        part.register(app)
    return app


def main() -> None:
    """Entry point of the `fleet` script."""
    from components.catalog import CatalogError
    from stacks.cli.exit import Exit

    try:
        app = application()
    except CatalogError as error:
        sys.stderr.write(f"fleet: {error}\n")
        raise SystemExit(int(Exit.FAILED)) from None
    from stacks.cli.root import stop
    from stacks.today import BadDateError

    try:
        app()
    except (CatalogError, BadDateError) as error:
        stop(str(error))
