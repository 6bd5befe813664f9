"""CEL rules of CRDs (`x-kubernetes-validations`), run with cel-python.

Owns      compiled rules, kept for the life of the process.
Refuses   rules whose values hold UNKNOWN (a preview can't know), and the API server's cost limits.
"""

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sandbox.clouds.kubernetes.wire import dotted, has_unknown, whole
from sandbox.contract import Refusal


@cache
def _program(rule: str) -> Any:
    import celpy

    environment = celpy.Environment()
    return environment.program(environment.compile(rule), functions={"isIP": _is_ip})


def _is_ip(text: Any) -> Any:
    """Kubernetes' own function of CEL: whether a text is an address of either family."""
    from celpy.celtypes import BoolType

    try:
        return BoolType(bool(ipaddress.ip_address(str(text))))
    except ValueError:
        return BoolType(False)


def _holds(rule: str, value: Any, old: Any) -> str:
    """Empty where the rule holds, else why not: `false` or the evaluation's error."""
    from celpy.adapter import json_to_cel
    from celpy.evaluation import CELEvalError

    bound = {"self": json_to_cel(whole(value))}
    if old is not None:
        bound["oldSelf"] = json_to_cel(whole(old))
    try:
        return "" if _program(rule).evaluate(bound) else "false"
    except CELEvalError as error:
        return str(error.args[0])


def check(rules: Sequence[Mapping[str, Any]], value: Any, old: Any, path: tuple[str | int, ...]) -> Iterator[Refusal]:
    """Refusals of `value`. A rule that names `oldSelf` is a transition rule: without an old value it doesn't run."""
    if has_unknown(value) or has_unknown(old):
        return
    for rule in rules:
        if "oldSelf" in rule["rule"] and old is None:
            continue
        why = _holds(rule["rule"], value, old)
        if not why:
            continue
        message = rule.get("message") or f"failed rule: {rule['rule']}"
        if why != "false":
            message = f"{why} evaluating rule: {message}"
        yield Refusal("crd", "Invalid", f"{dotted(path)}: Invalid value: {message}", path)
