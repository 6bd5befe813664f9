"""How commands print: the choice that several of them offer."""

from enum import StrEnum


class Output(StrEnum):
    """Text for people, JSON for programs."""

    text = "text"
    json = "json"
