"""The base of every model that a fleet file is validated against, and the value types they share.

Owns      the closed, frozen, strict pydantic base class and the named value types.
Refuses   Pulumi: importing this module (or any `spec.py`) must load neither the engine's SDK nor a cloud's.
"""

import ipaddress
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Strict, StringConstraints
from pydantic_core import PydanticCustomError

T = TypeVar("T")


class Spec(BaseModel):
    """A part of a fleet file: unknown keys are errors, values are never coerced, instances never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _cidr(value: str) -> str:
    try:
        network = ipaddress.IPv4Network(value, strict=False)
    except ValueError as error:
        raise PydanticCustomError(
            "bad-cidr", "'{given}' is not an IPv4 range: write it like 10.20.0.0/16", {"given": value}
        ) from error
    if str(network) != value:
        raise PydanticCustomError(
            "bad-cidr",
            "'{given}' has bits set to the right of its prefix: the range is {right}",
            {"given": value, "right": str(network)},
        )
    return value


Items = Annotated[tuple[T, ...], Strict(False)]
"""A YAML list. (Strict mode would refuse the list that a YAML reader returns in a tuple's place.)"""

Cidr = Annotated[str, AfterValidator(_cidr)]
"""An IPv4 range in canonical form, such as `10.20.0.0/16`."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$")]
"""A DNS-safe name: lower-case letters, digits and hyphens, 1 to 40 long, starting with a letter."""

Version = Annotated[str, StringConstraints(pattern=r"^\d+\.\d+(\.\d+)?$")]
"""A version, quoted in YAML so that "1.30" is never the number 1.3."""


def _day(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError as error:
        raise PydanticCustomError(
            "bad-date", "'{given}' is no date: write it like \"2027-01-31\"", {"given": value}
        ) from error
    return value


Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_day)]
"""A day in UTC, quoted in YAML."""

CostCenter = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,62}$")]
"""Where the company books the cost; becomes a tag or annotation on everything that can carry one."""

Json = dict[str, Any]

Scalar = str | bool | int | float
"""A value of Kafka configuration. Kafka's own tables of types judge it (`components/config`)."""


def whole_fields(model: type[Spec]) -> frozenset[str]:
    """Fields whose mapping is one value (variants): a later layer replaces it instead of merging into it.

    Their model says so itself, with `x-merge: replace` in its JSON schema, where users of an editor see it too.
    """
    return frozenset(
        name
        for name, field in model.model_fields.items()
        if isinstance(field.annotation, type)
        and issubclass(field.annotation, Spec)
        and isinstance(extra := field.annotation.model_config.get("json_schema_extra"), dict)
        and extra.get("x-merge") == "replace"
    )
