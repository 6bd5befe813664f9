"""Secrets that a stack's program and its engine told each other, and texts without them.

Owns      what was marked as a secret in this run, held in memory until the stack is done, and the ways in which a
          provider, a program or a library may write it into a message: as it is, line by line, or encoded.
Refuses   to guess: a secret that was never marked as one is none, and one that only a state holds is not known here.
          Nor is it one what the program also says in the open: providers mark maps of labels whole, names and all.
"""

import base64
import binascii
import html
import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import quote, quote_plus

from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Struct, Value

from components.marks import SECRET, SIGNATURE
from stacks.run.outcome import Outcome
from stacks.run.values import MASK

_LEAST = 6
"""Characters. Shorter secrets would blacken words that merely hold them."""
_ALIGNED = 12
"""Characters of base64 that are enough to know a secret by."""


class Secrets:
    """What is secret in the stacks under way. Used from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, set[str]] = {}
        self._open: dict[str, list[bytes]] = {}

    def watch(self, stack: str, message: Any, *, asked: bool = False) -> None:
        """Take note of what a message marks as secret; where the program asked for it, also of what it marks not."""
        if not isinstance(message, Message):
            return
        told = message.SerializeToString()
        if SECRET.encode() not in told:
            if asked:
                with self._lock:
                    self._open.setdefault(stack, []).append(told)
            return
        found = set(_marked(message))
        with self._lock:
            self._known.setdefault(stack, set()).update(found)

    def forget(self, stack: str) -> None:
        """The stack is done."""
        with self._lock:
            self._known.pop(stack, None)
            self._open.pop(stack, None)

    def _hidden(self, stack: str) -> frozenset[str]:
        """What is secret in a stack, without what its program says in the open."""
        with self._lock:
            known, told = frozenset(self._known.get(stack, ())), tuple(self._open.get(stack, ()))
        return frozenset(one for one in known if not any(one.encode() in each for each in told))

    def scrub(self, outcome: Outcome) -> Outcome:
        """The outcome of a stack without its secrets in any text that others wrote."""
        told = outcome.diagnostics or outcome.policies or outcome.reason or outcome.outputs
        known = self._hidden(outcome.stack) if told else None
        if not known:
            return outcome
        needles = sorted({one for secret in known for one in _written(secret)}, key=len, reverse=True)

        def clean(value: Any) -> Any:
            if isinstance(value, str):
                for needle in needles:
                    value = value.replace(needle, MASK)
                return value
            if isinstance(value, dict):
                return {key: clean(one) for key, one in value.items()}
            return [clean(one) for one in value] if isinstance(value, list) else value

        return outcome.model_copy(
            update={
                "reason": clean(outcome.reason),
                "outputs": clean(outcome.outputs),
                "diagnostics": tuple(
                    one.model_copy(update={"message": clean(one.message)}) for one in outcome.diagnostics
                ),
                "policies": tuple(one.model_copy(update={"message": clean(one.message)}) for one in outcome.policies),
            }
        )


class Watched:
    """A stub of a gRPC service, each of whose calls is watched on its way there and back."""

    def __init__(self, stub: Any, secrets: Secrets, stack: str) -> None:
        self._stub, self._secrets, self._stack = stub, secrets, stack

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._stub, name)

        def watched(request: Any, *arguments: Any, **options: Any) -> Any:
            self._secrets.watch(self._stack, request, asked=True)
            answer = call(request, *arguments, **options)
            self._secrets.watch(self._stack, answer)
            return answer

        return watched


def _marked(message: Any) -> Iterator[str]:
    """Every text below a mark of a secret."""
    if isinstance(message, Struct):
        yield from _in_fields(message, secret=False)
    elif isinstance(message, Message):
        for _, value in message.ListFields():
            for one in (
                value if hasattr(value, "__iter__") and not isinstance(value, str | bytes | Struct) else (value,)
            ):
                yield from _marked(one)


def _in_fields(struct: Struct, *, secret: bool) -> Iterator[str]:
    fields = struct.fields
    if SIGNATURE in fields:
        secret = secret or fields[SIGNATURE].string_value == SECRET
        if "value" in fields:
            yield from _in_value(fields["value"], secret=secret)
        return
    for value in fields.values():
        yield from _in_value(value, secret=secret)


def _in_value(value: Value, *, secret: bool) -> Iterator[str]:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        yield from _in_fields(value.struct_value, secret=secret)
    elif kind == "list_value":
        for one in value.list_value.values:
            yield from _in_value(one, secret=secret)
    elif kind == "string_value" and secret and len(value.string_value) >= _LEAST:
        yield value.string_value


def _written(secret: str) -> Iterator[str]:
    """Every way of writing a secret that is looked for, and of what it decodes to."""
    texts = {secret}
    with suppress(binascii.Error, UnicodeDecodeError, ValueError):
        texts.add(base64.b64decode(secret, validate=True).decode())
    for text in texts:
        parts = {text, text.strip(), *(line.strip() for line in text.split("\n") if not line.startswith("-----"))}
        for part in parts:
            if len(part) >= _LEAST:
                yield from _encoded(part)


def _encoded(text: str) -> Iterator[str]:
    data = text.encode(errors="surrogatepass")
    yield from (text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], repr(text)[1:-1])
    yield from (quote(data, safe=""), quote(data), quote_plus(data), html.escape(text))
    yield from (data.hex(), data.hex().upper())
    for shift in range(3):
        # What stands before it (`user:`) moves it by one or two bytes; signs that its neighbours change are left out.
        aligned = base64.b64encode(b"\0" * shift + data).decode().rstrip("=")[4 if shift else 0 :]
        told = aligned if not shift else aligned[:-1]
        for one in {told, told.translate(str.maketrans("+/", "-_"))}:
            if len(one) >= _ALIGNED:
                yield one
