"""The laws of subjects: inside the app's prefixes, with schemas that a registry can read.

Owns      names, the registry and the image that the job needs, schemas as far as they can be read here.
Refuses   changes over time: whether a new schema is compatible with the one before is judged by the registry, at the
          apply. Protocol Buffers: there is no parser for them here, so only what is plainly no such text is told.
"""

import json
import re
from collections.abc import Iterator

from components.apps import avro
from components.apps.contract import AppRequest
from components.apps.subject_spec import Schema
from components.finding import Finding
from components.services.images import pinned

Path = tuple[str | int, ...]

_TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
_DEFINITION = re.compile(r"^\s*(message|enum)\s+[A-Za-z_][A-Za-z0-9_]*\s*\{", re.MULTILINE)


def _json_schema(schema: object, where: str = "the schema") -> Iterator[str]:
    """What is wrong with the parts of a JSON Schema that decide what it means; a registry judges the rest."""
    if isinstance(schema, bool):
        return
    if not isinstance(schema, dict):
        yield f"{where} is neither a mapping nor true or false"
        return
    kinds = schema.get("type", [])
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        if kind not in _TYPES:
            yield f"'{kind}' in {where} is no type: {', '.join(_TYPES)}"
    for key in ("properties", "$defs", "definitions", "patternProperties"):
        inner = schema.get(key, {})
        if not isinstance(inner, dict):
            yield f"'{key}' in {where} is no mapping"
            continue
        for name, part in inner.items():
            yield from _json_schema(part, f"'{name}'")
    for key in ("items", "additionalProperties", "not"):
        if key in schema and not isinstance(schema[key], list):
            yield from _json_schema(schema[key], f"'{key}' of {where}")
    if not isinstance(schema.get("required", []), list):
        yield f"'required' in {where} is no list"


def _wrong(schema: Schema) -> Iterator[str]:
    if schema.type == "PROTOBUF":
        if not _DEFINITION.search(schema.text):
            yield "it defines no message and no enum"
        elif schema.text.count("{") != schema.text.count("}"):
            yield "its braces do not match"
        return
    try:
        read = json.loads(schema.text)
    except json.JSONDecodeError as error:
        yield f"it is no JSON: {error.msg.lower()} in line {error.lineno}"
        return
    yield from avro.wrong(read) if schema.type == "AVRO" else _json_schema(read)


def _image(image: str | None) -> Iterator[Finding]:
    if image is None:
        yield Finding(
            "subjects-image-missing",
            ("subjects",),
            "no image is named in which the job that registers subjects could run",
            "an image with Python 3 and its tag, e.g. docker.io/library/python:3.13-slim",
            "add `subjects_image:`, best in a profile",
        )
    elif not pinned(image):
        yield Finding(
            "image-not-pinned",
            ("subjects_image",),
            f"'{image}' may be another image tomorrow",
            "a tag other than latest, or a digest",
        )


def check(request: AppRequest) -> Iterator[Finding]:
    """Every law that the subjects of an app break."""
    if not request.spec.subjects:
        return
    if request.schema_registry is None:
        yield Finding(
            "subject-without-registry",
            ("subjects",),
            f"cluster '{request.kafka.cluster}' has no schema registry",
            hint="ask its team for the service 'schema_registry', or remove the subjects",
        )
    else:
        yield from _image(request.spec.subjects_image)
    own = tuple(request.spec.prefixes)
    for name, subject in request.spec.subjects.items():
        path: Path = ("subjects", name)
        if not name.startswith(own):
            yield Finding(
                "subject-outside-prefix",
                path,
                f"subject '{name}' is outside of this app's prefixes",
                ", ".join(own),
                f"call it '{own[0]}{name}'",
            )
        if subject.content is not None:
            for reason in _wrong(subject.content):
                yield Finding(
                    "bad-schema",
                    (*path, "content", "text"),
                    f"the {subject.content.type} schema of '{name}' cannot be read: {reason}",
                )
