"""The approved plan as a file: what `fleet preview --plan-file` writes and `fleet up --plan` is held to.

Owns      the format and its digest; `python -m stacks.approve.document` writes its schema (docs/approved.schema.json).
Refuses   values: what stands here is names of stacks, URNs, types and classes.

The digest tells damage and edits by hand. It is no signature: who may write the file may write a digest too, so the
file must come from a place that only the one who previewed writes to (docs/approved.md).
"""

import hashlib
import json
import sys
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from stacks.approve.classes import Class
from stacks.run.outcome import Result
from stacks.stack import Kind, Stack

FORMAT = 1


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Word(_Record):
    """What would be done to one resource."""

    does: Class = Field(description="same, import, create, update, replace or delete; each is worse than those before.")
    type: str = Field(default="", description="Type token, where the resource is replaced or deleted.")
    lifts_protection: bool = Field(default=False, description="Its protection against deletion ends.")


class Identity(_Record):
    """Which stack it is; an apply needs it where no file says it any more."""

    kind: Kind = Field(description="What the stack is.")
    cell: str = Field(description="The cell that it is, or stands on; also the shard of the backend.")
    file: str = Field(description="The fleet file that declares it, or did.")
    production: bool = Field(description="Whether data there matters.")
    cluster: str = Field(default="", description="The cluster; empty for a cell.")
    service: str = Field(default="", description="The service; empty for cells and apps.")
    app: str = Field(default="", description="The app; empty for others.")
    after: tuple[str, ...] = Field(default=(), description="Stacks that it stands on.")


class Step(_Record):
    """What was approved for one stack."""

    does: Literal["apply", "delete"] = Field(description="delete: its file is gone, and all in it goes.")
    result: Result = Field(description="Of the preview; what did not come out `ok` is not approved.")
    stack: Identity = Field(description="Which stack it is.")
    inputs: dict[str, str] = Field(
        default={},
        description="Digests of what it becomes (`result`), and of the parts that this follows from.",
    )
    resources: dict[str, Word] = Field(default={}, description="By URN; a resource that is not here is `same`.")
    unchanged: int = Field(default=0, description="Resources that are `same`, and so not here.")
    cell_applied: bool | None = Field(default=None, description="false: rendered offline, for its cell does not exist.")
    first: tuple[str, ...] = Field(
        default=(), description="Of a deletion: stacks that stood on it and stay, which are applied before."
    )


class Shard(_Record):
    """Which part of a preview that several machines shared."""

    number: int = Field(ge=1, description="From 1.")
    of: int = Field(ge=1, description="How many parts there are.")
    all: str = Field(description="Digest of the names of all stacks, of all parts.")


class Approved(_Record):
    """What a preview found, and an apply may do."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="kafka-fleet approved plan")

    format: Literal[1] = Field(description="Version of this format; other versions are refused.")
    head: str = Field(description="Commit that was previewed, or `worktree` for uncommitted files; may be empty.")
    base: str = Field(default="", description="Commit that it was compared with; empty where stacks were named.")
    made: AwareDatetime = Field(description="When the preview ended; of merged parts the earliest.")
    engine: str = Field(description="Version of the engine.")
    shard: Shard | None = Field(default=None, description="Absent once it is whole.")
    stacks: dict[str, Step] = Field(description="Stacks that were previewed, by name.")
    digest: str = Field(
        default="",
        description="`sha256:` and the SHA-256 of the rest as canonical JSON: keys sorted, no spaces, UTF-8, what has "
        "its default left out.",
    )


class BadPlanError(Exception):
    """A file that is no approved plan; the text says what is wrong with it."""


def sealed(plan: Approved) -> Approved:
    """The plan with its digest."""
    return plan.model_copy(update={"digest": _digest(_data(plan))})


def dump(plan: Approved) -> str:
    """As text, which `load` reads back."""
    return json.dumps({**_data(plan), "digest": plan.digest}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def load(text: str) -> Approved:
    """The plan in a file; raises BadPlanError."""
    try:
        told = json.loads(text)
    except ValueError as error:
        raise BadPlanError(f"is no JSON, or was cut off ({error})") from None
    if not isinstance(told, dict) or "format" not in told:
        raise BadPlanError("is no approved plan: it has no `format`")
    if told["format"] != FORMAT:
        raise BadPlanError(f"has format {told['format']!r}, and this version of `fleet` reads {FORMAT}")
    said = told.pop("digest", "")
    if said != (found := _digest(told)):
        raise BadPlanError(
            f"was changed after it was written: it says {said or 'no digest'}, and its content is {found}"
        )
    try:
        return Approved.model_validate({**told, "digest": said})
    except ValueError as error:
        raise BadPlanError(f"is no approved plan: {str(error).splitlines()[1].strip()}") from None


def identity(stack: Stack) -> Identity:
    """The stack as the plan holds it."""
    return Identity(
        kind=stack.kind,
        cell=stack.cell,
        file=stack.file,
        production=stack.production,
        cluster=stack.cluster,
        service=stack.service,
        app=stack.app,
        after=stack.after,
    )


def stack_of(name: str, told: Identity) -> Stack:
    """The way back."""
    return Stack(name=name, **told.model_dump())


def names_digest(names: Any) -> str:
    """Digest of a set of names."""
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:16]


def _data(plan: Approved) -> dict[str, Any]:
    found: dict[str, Any] = plan.model_dump(mode="json", exclude_defaults=True, exclude={"digest"})
    return found


def _digest(data: Any) -> str:
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(text.encode(errors='surrogatepass')).hexdigest()}"


def schema() -> str:
    """The JSON Schema of an approved plan, as text."""
    return json.dumps(Approved.model_json_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema())
