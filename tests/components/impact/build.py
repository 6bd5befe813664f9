"""Small stacks for the tests of judges: objects of the example fleet, and changed copies of them."""

from collections.abc import Sequence
from copy import deepcopy
from functools import cache
from typing import Any

from components.impact.contract import Context, Effect, objects
from components.impact.judge import judge
from components.services.contract import Manifest
from stacks import render
from stacks.snapshot import snapshot
from tools.fleet_copy import REPOSITORY


@cache
def rendered(stack: str) -> tuple[Manifest, ...]:
    """The objects of a stack of the example fleet."""
    fleet = snapshot(REPOSITORY)
    return tuple(render.manifests(fleet, fleet.stacks[stack]))


def put(manifests: Sequence[Manifest], kind: str, path: str, value: Any, name: str = "") -> tuple[Manifest, ...]:
    """A copy with one property changed: parts with `/` between them, `~` for a `/` in one; None takes it away."""
    made = []
    for one in manifests:
        body: Any = deepcopy(dict(one.body))
        if body["kind"] == kind and name in ("", body["metadata"]["name"]):
            *parts, last = [part.replace("~", "/") for part in path.split("/")]
            here = body
            for part in parts:
                here = here[int(part)] if isinstance(here, list | tuple) else here.setdefault(part, {})
            if value is None:
                here.pop(last, None)
            else:
                here[last] = value
        made.append(Manifest(one.role, body, one.protect, one.after, one.ignore))
    return tuple(made)


def without(manifests: Sequence[Manifest], kind: str, name: str = "") -> tuple[Manifest, ...]:
    """A copy without the objects of a kind, or the one of that name."""
    return tuple(one for one in manifests if one.body["kind"] != kind or name not in ("", one.body["metadata"]["name"]))


def context(stack: str, before: Sequence[Manifest], after: Sequence[Manifest], **more: Any) -> Context:
    """What a judge of that stack is told."""
    service, _, cluster = stack.partition(".")
    told: dict[str, Any] = {"kafka_version": "4.3.1", "broker_config": {}} | more
    return Context(service, cluster.partition(".")[0], objects(before), objects(after), **told)


def judged(stack: str, before: Sequence[Manifest], after: Sequence[Manifest], **more: Any) -> tuple[Effect, ...]:
    """The effects of going from one to the other."""
    return judge(before, after, context(stack, before, after, **more))


def changed(stack: str, kind: str, path: str, value: Any, name: str = "") -> tuple[Effect, ...]:
    """The effects of one changed property of an object of the example fleet."""
    before = rendered(stack)
    return judged(stack, before, put(before, kind, path, value, name))
