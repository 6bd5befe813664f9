"""What stands behind a provider's records: nothing, or a real API that is asked at every step.

Owns      the protocol between sandbox/resources.py and a real API, and what holds where there is none.
Refuses   to replace the sandbox's own judges: they have judged a request before it comes here.
"""

from typing import Protocol

from sandbox.contract import Record, Refusal, Request, Scope


class Backing(Protocol):
    """A real API."""

    def ready(self, scope: Scope) -> None:
        """Start what answers for that scope, before an effect begins: it may take seconds."""

    def preview(self, request: Request) -> list[Refusal]:
        """What it would say to a `create` or `update`, as far as that can be asked without doing it."""

    def apply(self, request: Request, record: Record) -> tuple[Record, list[Refusal]]:
        """Do it; the record as it is then, or why not."""

    def read(self, record: Record) -> Record | None:
        """The record as it is; None where somebody removed it."""

    def delete(self, record: Record) -> list[Refusal]:
        """Remove it and wait until it is gone, or say why not."""


class Nothing:
    """Where the records are all there is."""

    def ready(self, scope: Scope) -> None:
        """Nothing starts."""

    def preview(self, request: Request) -> list[Refusal]:
        """Nobody else is asked."""
        del request
        return []

    def apply(self, request: Request, record: Record) -> tuple[Record, list[Refusal]]:
        """The record as it was made."""
        del request
        return record, []

    def read(self, record: Record) -> Record | None:
        """The record as it was made."""
        return record

    def delete(self, record: Record) -> list[Refusal]:
        """Nothing to remove."""
        del record
        return []
