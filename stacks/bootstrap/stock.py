"""A bootstrap under the one program: what the stock CLI builds for a stack named `bootstrap.…`.

Owns      the way from such a stack's name to its program, by fleet.yaml alone.
Refuses   parameters of a command line: whoever gives some runs `fleet bootstrap`.
"""

import pulumi

from stacks.bootstrap import run, runner
from stacks.bootstrap.request import NotSaidError, asked
from stacks.fleet import Fleet

PREFIX = "bootstrap."


def build(fleet: Fleet, stack: str) -> None:
    """Register what the stack is. Call inside a Pulumi program, once."""
    rest = stack.removeprefix(PREFIX)
    try:
        if rest.startswith("runner."):
            runner.program(runner.stack(fleet, rest.removeprefix("runner.")))()
        else:
            run.program(asked(fleet, rest, {}))()
    except NotSaidError as error:
        raise pulumi.RunError(str(error)) from error
