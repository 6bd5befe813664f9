"""A stack of the fleet becomes Pulumi components. The stock engine takes it from here.

Owns      which component a stack is, the Kubernetes provider of service and app stacks, and what a stack exports.
Refuses   files (it is given a Fleet), and any list of clouds or services.
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from components import catalog
from components.apps.component import App
from components.cell.component import Cell, CellRequest
from components.kubeconfig import EmptyAddressError, address, kubeconfig
from stacks import request
from stacks.fleet import Cell as FleetCell
from stacks.fleet import Fleet
from stacks.stack import PROJECT, Stack


class CellNotAppliedError(EmptyAddressError):
    """An apply onto a cell that has no Kubernetes yet. A preview of it is rendered offline instead."""


def build(fleet: Fleet, stack: Stack) -> Mapping[str, Any]:
    """Make the components of `stack` and return what it exports. Call inside a Pulumi program, once."""
    if stack.kind == "cell":
        cell = fleet.cells[stack.cell]
        made = Cell(cell_request(fleet, cell))
        return made.outputs
    provider, applied = kubernetes_of(stack)
    outputs: dict[str, Any] = {"cell": stack.cell, "cell_applied": applied, "cluster": stack.cluster}
    if stack.kind == "app":
        App(stack.app, request.app(fleet, fleet.apps[(stack.cluster, stack.app)]), provider)
        return outputs
    cluster = fleet.clusters[stack.cluster]
    entry, asked = request.service(fleet, cluster, stack.service)
    catalog.load(entry.component)(stack.cluster, asked, provider)
    return {**outputs, "endpoints": dict(catalog.load(entry.endpoints)(asked))}


def cell_request(fleet: Fleet, cell: FleetCell, crds: Path | None = None) -> CellRequest:
    """What the cell's component is built from. `crds`: a folder that stands for the operator's CRDs."""
    return CellRequest(
        name=cell.name,
        spec=cell.spec,
        production=cell.protected,
        tags=request.tags(fleet, cell),
        dns_zone=request.dns_zone(fleet, cell),
        public_dns_zone=request.public_dns_zone(fleet, cell),
        links=request.links(fleet, cell),
        platform=lambda cloud_gives: request.platform(fleet, cell, cloud_gives, crds),
    )


def kubernetes_of(stack: Stack) -> tuple[kubernetes.Provider, pulumi.Output[bool]]:
    """The provider of the cell's Kubernetes, from the outputs of the cell's stack.

    A stack that was never applied has no outputs, and in a preview that is no error: the provider then renders to a
    scratch folder and talks to no cluster. It is never given an empty kubeconfig, with which it would use the
    machine's own context.
    """
    cell = pulumi.StackReference(f"organization/{PROJECT}/cell.{stack.cell}")
    parts = pulumi.Output.all(**{name: cell.get_output(name) for name in ("cloud", "account", "region", *_ADDRESS)})
    applied = parts.apply(lambda found: all(found.values()))

    def login(found: Mapping[str, Any]) -> str | None:
        try:
            return kubeconfig(address(found))
        except EmptyAddressError as error:
            if pulumi.runtime.is_dry_run():
                return None
            raise CellNotAppliedError(
                f"stack {stack.name} needs cell '{stack.cell}', and {error}: run `fleet up cell.{stack.cell}`"
            ) from error

    scratch = Path(tempfile.gettempdir()) / "kafka-fleet-offline" / stack.name
    provider = kubernetes.Provider(
        f"{stack.cell}-cluster",
        kubeconfig=parts.apply(login),
        render_yaml_to_directory=applied.apply(lambda yes: None if yes else str(scratch)),
        cluster_identifier=parts.apply(lambda found: found["cluster_id"] or "not-applied"),
        enable_server_side_apply=True,
    )
    return provider, applied


_ADDRESS = ("cluster_name", "cluster_id", "endpoint", "ca_certificate")
