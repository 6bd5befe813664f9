"""Names, labels and annotations of Kubernetes objects.

Owns      the API server's rules for `metadata`, with its words.
Refuses   generated names: every name of the fleet is written down, and recovery finds objects by it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.clouds.kubernetes.wire import at, dotted
from sandbox.contract import UNKNOWN, Refusal

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_DNS_1035 = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?")
_QUALIFIED = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")
_RBAC = frozenset({"ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"})
ANNOTATION_BYTES = 256 * 1024


def _name(kind: str, name: str) -> str:
    """What is wrong with a name, empty where nothing is."""
    if kind in _RBAC:
        bad = name in {".", ".."} or "/" in name or "%" in name or not name
        return "may not be '.' or '..', nor contain '/' or '%'" if bad else ""
    if kind == "Namespace":
        fits = len(name) <= 63 and _LABEL.fullmatch(name)
        return "" if fits else "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-'"
    if kind == "Service":
        fits = len(name) <= 63 and _DNS_1035.fullmatch(name)
        return "" if fits else "a DNS-1035 label must consist of lower case alphanumeric characters or '-'"
    fits = len(name) <= 253 and _SUBDOMAIN.fullmatch(name)
    return (
        "" if fits else "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'"
    )


def _key(key: str, *, of_label: bool = True) -> bool:
    prefix, slash, name = key.rpartition("/")
    # The prefix of an annotation's key may have capitals, that of a label's may not.
    if slash and not (len(prefix) <= 253 and _SUBDOMAIN.fullmatch(prefix if of_label else prefix.lower())):
        return False
    return len(name) <= 63 and _QUALIFIED.fullmatch(name) is not None


def _map(what: str, value: Any) -> Iterator[Refusal]:
    if not isinstance(value, Mapping):
        return
    size = 0
    for key, item in value.items():
        path = ("metadata", what, key)
        if not _key(key, of_label=what == "labels"):
            yield Refusal(
                "crd", "Invalid", f'metadata.{what}: Invalid value: "{key}": name part must be qualified', path
            )
        if item is UNKNOWN or item is None:
            continue
        if not isinstance(item, str):
            message = f"{dotted(path)}: Invalid value: {item!r} is not a string: write it in quotes"
            yield Refusal("crd", "Invalid", message, path)
        elif what == "labels" and not (len(item) <= 63 and _VALUE.fullmatch(item)):
            why = "a valid label must consist of at most 63 alphanumeric characters, '-', '_' or '.'"
            yield Refusal("crd", "Invalid", f'metadata.labels: Invalid value: "{item}": {why}', path)
        size += len(key) + len(str(item))
    if what == "annotations" and size > ANNOTATION_BYTES:
        yield Refusal(
            "crd",
            "Invalid",
            f"metadata.annotations: Too long: may not be more than {ANNOTATION_BYTES} bytes",
            ("metadata",),
        )


def check(body: Mapping[str, Any], namespaced: bool | None) -> Iterator[Refusal]:
    """Refusals of an object's `metadata`; `namespaced` is None where the kind's scope isn't known."""
    metadata = body.get("metadata")
    if metadata is UNKNOWN:
        return
    if not isinstance(metadata, Mapping) or not metadata.get("name"):
        message = "metadata.name: Required value: name is required (the sandbox gives no generated names)"
        yield Refusal("law", "Invalid", message, ("metadata", "name"))
        return
    name = metadata["name"]
    if isinstance(name, str) and (why := _name(str(body.get("kind")), name)):
        yield Refusal("crd", "Invalid", f'metadata.name: Invalid value: "{name}": {why}', ("metadata", "name"))
    namespace = at(metadata, "namespace")
    if isinstance(namespace, str) and namespace and not (len(namespace) <= 63 and _LABEL.fullmatch(namespace)):
        why = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-'"
        message = f'metadata.namespace: Invalid value: "{namespace}": {why}'
        yield Refusal("crd", "Invalid", message, ("metadata", "namespace"))
    if namespaced is False and namespace:
        message = f'metadata.namespace: Forbidden: not allowed on this type ("{namespace}" given)'
        yield Refusal("crd", "Invalid", message, ("metadata", "namespace"))
    if namespaced and not metadata.get("namespace"):
        message = "metadata.namespace: Required value: the fleet never relies on the namespace `default`"
        yield Refusal("law", "Invalid", message, ("metadata", "namespace"))
    yield from _map("labels", metadata.get("labels"))
    yield from _map("annotations", metadata.get("annotations"))


_SELECTED = frozenset({"matchLabels", "nodeSelector"})


def selectors(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[Refusal]:
    """Refusals of labels that are looked for, or given to pods, anywhere in a built-in object."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            here = (*path, key)
            # The object's own labels are judged with its name.
            of_pods = here[-2:] == ("metadata", "labels") and len(here) > 2
            if key in _SELECTED or of_pods or (here == ("spec", "selector") and _flat(item)):
                yield from _labels(item, here)
            else:
                yield from selectors(item, here)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from selectors(item, (*path, index))


def _flat(value: Any) -> bool:
    """A Service's selector is the labels themselves, every other one holds them."""
    return isinstance(value, Mapping) and not {"matchLabels", "matchExpressions"} & value.keys()


def _labels(labels: Any, path: tuple[str | int, ...]) -> Iterator[Refusal]:
    for key, item in labels.items() if isinstance(labels, Mapping) else ():
        if not _key(key):
            message = f'{dotted(path)}: Invalid value: "{key}": name part must be qualified'
            yield Refusal("crd", "Invalid", message, (*path, key))
        if isinstance(item, str) and not (len(item) <= 63 and _VALUE.fullmatch(item)):
            why = "a valid label must consist of at most 63 alphanumeric characters, '-', '_' or '.'"
            yield Refusal("crd", "Invalid", f'{dotted(path)}: Invalid value: "{item}": {why}', (*path, key))
