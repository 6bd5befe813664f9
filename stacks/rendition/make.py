"""A stack of the fleet becomes its Rendition: everything that the engine would be asked for, as plain data.

Owns      how each kind of stack is rendered: services and apps from their pure objects, a cell by running its program
          under a recording monitor.
Refuses   the engine; and the operator's CRDs, which are fetched and large: their recorded checksums stand for them, so
          that a plan is the same on a machine that never had them.
"""

import functools
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from components import catalog
from components.apps.contract import AppRequest
from components.services.contract import Manifest, ServiceRequest
from stacks import render, request
from stacks.fleet import Fleet
from stacks.rendition.rendition import Item, Rendition
from stacks.stack import Stack


def rendition(fleet: Fleet, stack: Stack) -> Rendition:
    """All of a stack. Its cluster must stand (`Fleet.stands`)."""
    if stack.kind == "cell":
        return _cell(fleet, stack)
    beside: dict[str, Any] = {"cell": stack.cell, "cluster": stack.cluster}
    if stack.kind == "service":
        entry, asked = request.service(fleet, fleet.clusters[stack.cluster], stack.service)
        beside["endpoints"] = dict(catalog.load(entry.endpoints)(asked))
    items = {}
    for manifest in render.manifests(fleet, stack):
        item = _object(manifest, protected(fleet, stack))
        items[f"{item.type} {item.name}"] = item
    return Rendition(stack.name, items, beside)


def stands(fleet: Fleet, stack: Stack) -> bool:
    """Whether enough of what a stack follows from is valid to render it."""
    if fleet.settings is None:
        return False
    if stack.kind == "cell":
        return fleet.cells[stack.cell].spec.cloud in catalog.clouds()
    return fleet.stands(fleet.clusters[stack.cluster])


def asked(fleet: Fleet, stack: Stack) -> str:
    """What a stack is built from, as text: where it is equal in two fleets, the renditions are.

    It is the text of the request and not the request itself, because to Python `True == 1 == 1.0`, and to Kafka not.
    """
    if stack.kind == "cell":
        cell = fleet.cells[stack.cell]
        zones = request.dns_zone(fleet, cell), request.public_dns_zone(fleet, cell)
        told = (cell.spec, cell.protected, request.tags(fleet, cell), zones, request.links(fleet, cell))
        return repr(told)
    return repr((stack.cell, _request(fleet, stack)))


def protected(fleet: Fleet, stack: Stack) -> bool:
    """Whether what says so is protected in this stack."""
    return fleet.cells[stack.cell].protected if stack.kind == "cell" else _request(fleet, stack).protected


def manifests(rendered: Rendition) -> tuple[Manifest, ...]:
    """The Kubernetes objects of a service's or an app's rendition, as they were rendered but for their order."""
    return tuple(
        Manifest(item.name, item.body, item.protect, item.after, item.ignore) for item in rendered.items.values()
    )


def _request(fleet: Fleet, stack: Stack) -> ServiceRequest | AppRequest:
    if stack.kind == "app":
        return request.app(fleet, fleet.apps[(stack.cluster, stack.app)])
    return request.service(fleet, fleet.clusters[stack.cluster], stack.service)[1]


def _object(manifest: Manifest, production: bool) -> Item:
    body = manifest.body
    return Item(
        type=f"{body['apiVersion']}/{body['kind']}",
        name=manifest.role,
        body=body,
        protect=manifest.protect and production,
        after=tuple(manifest.after),
        ignore=tuple(manifest.ignore),
    )


def _cell(fleet: Fleet, stack: Stack) -> Rendition:
    from components.cell.component import Cell
    from stacks.build import cell_request
    from stacks.rendition.record import record

    cell = fleet.cells[stack.cell]
    with tempfile.TemporaryDirectory(prefix="kafka-fleet-crds-") as folder:
        crds = Path(folder) / cell.spec.strimzi.version
        crds.mkdir()
        (crds / "crds.json").write_text(json.dumps(_stand_ins(cell.spec.strimzi.version)), "utf-8")
        seen = record(lambda: Cell(cell_request(fleet, cell, crds)))
    items = {
        f"{one.type} {one.name}": Item(
            type=one.type,
            name=one.name,
            body={key: value for key, value in one.inputs.items() if not key.startswith("__")},
            protect=one.protect,
            after=one.after,
            ignore=one.ignore,
            parent=one.parent,
            provider=one.provider,
            options={**one.options, **({"aliases": list(map(str, one.aliases))} if one.aliases else {})},
        )
        for one in sorted(seen.seen, key=lambda one: (one.type, one.name))
    }
    return Rendition(stack.name, items, {"outputs": {name: dict(given) for name, given in seen.outputs.items()}})


@functools.cache
def _stand_ins(version: str) -> tuple[Mapping[str, Any], ...]:
    """In place of each CRD of the operator's version, something of its name that differs where it does."""
    from tools.strimzi.versions import expected

    return tuple(
        {
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": f"{kind.lower()}s"},
            "spec": {"names": {"plural": f"{kind.lower()}s"}, "sha256": entry["sha256"]},
        }
        for kind, entry in sorted(expected(version).items())
    )
