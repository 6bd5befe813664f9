"""The laws of deliveries: each goes to one place, to which External Secrets of the cell can bring it.

Owns      stores, namespaces, and what the cell must have for them.
Refuses   that a store exists: the fleet does not own it. The apply waits for each delivery and says so.
"""

from collections.abc import Iterator

from components.apps.contract import AppRequest
from components.apps.delivery import apis
from components.finding import Finding
from components.names import namespace

Path = tuple[str | int, ...]


def _apis(request: AppRequest) -> Iterator[Finding]:
    place = request.kafka.place
    for api, path in apis(request.spec).items():
        if api not in place.apis:
            yield Finding(
                "api-missing",
                path,
                f"this needs External Secrets, and cell '{place.cell}' has no '{api}'",
                hint=f"install External Secrets there and name '{api}' under `kubernetes.apis` of the cell",
            )


def _deliveries(request: AppRequest) -> Iterator[Finding]:
    for key, user in request.spec.users.items():
        path: Path = ("users", key, "deliver")
        if user.deliver and user.authentication == "oauth":
            yield Finding(
                "nothing-to-deliver",
                path,
                f"user '{key}' has its credentials at the identity provider",
                hint="remove the deliveries",
            )
        seen: set[tuple[str, str | None]] = set()
        for index, delivery in enumerate(user.deliver):
            at = (*path, index)
            if (delivery.store is None) == (delivery.namespace is None):
                yield Finding(
                    "delivery-unclear",
                    at,
                    "a delivery goes to a store or to a namespace",
                    "store, namespace",
                    "name one of the two",
                )
                continue
            if delivery.namespace is not None and "store_kind" in delivery.model_fields_set:
                yield Finding(
                    "delivery-unclear",
                    (*at, "store_kind"),
                    "a delivery to a namespace has a store of its own",
                    hint="remove it",
                )
            kind = delivery.store_kind if delivery.store else "namespace"
            to = (kind, delivery.store or delivery.namespace)
            if to in seen:
                yield Finding("delivery-repeated", at, f"'{to[1]}' is named twice", hint="remove one of them")
            seen.add(to)
            if delivery.namespace is not None and delivery.namespace.startswith(namespace("")):
                yield Finding(
                    "delivery-into-cluster",
                    (*at, "namespace"),
                    f"'{delivery.namespace}' is a namespace of Kafka clusters, where no app runs",
                    hint="name the namespace in which the app runs",
                )


def check(request: AppRequest) -> Iterator[Finding]:
    """Every law that the deliveries and stored secrets of an app break."""
    yield from _apis(request)
    yield from _deliveries(request)
