"""One thing wrong with a fleet file, told to the person who has to mend it.

Owns      the shape of a problem and its one-line text.
Refuses   printing: `stacks/tell` writes text, JSON, GitHub annotations, SARIF and GitLab's code quality.
"""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """`line` and `column` are 1-based; `file` is relative to the root of the repository, with `/`.

    code      stable, kebab-case, listed in docs/errors.md
    message   what is wrong, with the value given; lower case, no final period
    allowed   what would be accepted
    hint      the change to make, e.g. the nearest right key
    severity  `error`, `warning` or, in reports on a change, `note`; only errors fail a run
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    allowed: str = ""
    hint: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        text = f"{self.file}:{self.line}:{self.column}: {self.code}: {self.message}"
        if self.allowed:
            text += f" (allowed: {self.allowed})"
        if self.hint:
            text += f"; {self.hint}"
        return text
