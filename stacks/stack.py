"""The unit that is previewed and applied: one Pulumi stack.

Owns      names of stacks, what each stands for, and what must be applied before it.
Refuses   Pulumi: this is bookkeeping that `fleet validate` and `fleet plan` need too.
Identity  `cell.<cell>`, `<service>.<cluster>`, `app.<cluster>.<app>`; the backend shard is the cell's name, because
          stack references work only inside one backend.
"""

from dataclasses import dataclass
from typing import Literal

PROJECT = "kafka-fleet"
ROOT_TYPE = "pulumi:pulumi:Stack"
"""Type token of a stack's own resource, which every other one of it is below."""

Kind = Literal["cell", "service", "app"]


@dataclass(frozen=True)
class Stack:
    """One stack of the fleet.

    name     as Pulumi knows it
    cell     the shard of the backend that holds its state
    file     the fleet file that declares it, relative to the root of the repository
    after    names of stacks that must be applied first
    """

    name: str
    kind: Kind
    cell: str
    file: str
    production: bool
    cluster: str = ""
    service: str = ""
    app: str = ""
    after: tuple[str, ...] = ()
