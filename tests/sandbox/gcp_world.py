"""GCP in a file of its own: the shortest way to make, change and remove things in it, as an engine would.

Owns      projects with their APIs on, and what networks need again and again.
Refuses   Pulumi: a request goes straight to `sandbox.resources`, so that every judge and the store take part.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox import wire
from sandbox.clouds.gcp import MODEL, tokens
from sandbox.contract import Record, Scope
from sandbox.resources import RefusedError, Resources, Target
from sandbox.store import Store
from sandbox.world import StoreWorld

OURS, THEIRS, THIRD = "acme-kafka-prod", "acme-payments", "acme-orders"
REGION = "europe-west1"
SERVICES = ("compute", "container", "dns", "iam", "networkconnectivity")
LINK = "https://www.googleapis.com/compute/v1/"


@dataclass(frozen=True)
class Said:
    """What a refused request was told."""

    codes: list[str]
    text: str


class Cloud:
    """Three projects of one company."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder)
        self.resources = Resources(MODEL, self.store)
        for project in (OURS, THEIRS, THIRD):
            for service in SERVICES:
                self.make(tokens.API, project, service=f"{service}.googleapis.com")

    @property
    def world(self) -> StoreWorld:
        """What a law sees."""
        return StoreWorld(self.store, keep=False)

    def make(self, token: str, project: str = OURS, /, **inputs: Any) -> Record:
        """Create a thing."""
        name = inputs.get("name") or inputs.get("service") or inputs.get("role") or inputs.get("accountId")
        target = Target(f"urn:pulumi:s::p::{token}::{project}-{name}", token, Scope("gcp", project, REGION))
        struct = wire.write(inputs)
        return self.resources.create(target, wire.read(struct), wire.digest(struct))[0]

    def refused(self, token: str, project: str = OURS, /, **inputs: Any) -> Said:
        """Why it is not created."""
        try:
            self.make(token, project, **inputs)
        except RefusedError as error:
            return _said(error)
        return Said([], "")

    def change(self, record: Record, **inputs: Any) -> Record:
        """Update a thing in place; None takes an input away."""
        merged = {key: value for key, value in {**record.inputs, **inputs}.items() if value is not None}
        struct = wire.write(merged)
        return self.resources.update(_target(record), record.id, wire.read(struct), wire.digest(struct))[0]

    def remove(self, record: Record) -> Said:
        """Delete a thing; why not, where that is refused."""
        try:
            self.resources.delete(_target(record), record.id)
        except RefusedError as error:
            return _said(error)
        return Said([], "")

    def read(self, record: Record) -> Record:
        """The thing as a refresh finds it."""
        found = self.resources.read(_target(record), record.id, wire.read(wire.write(dict(record.inputs))))
        assert found is not None
        return found[0]

    def put(self, record: Record) -> Record:
        """Something of another cloud, or made by a controller: written without being judged."""
        with self.store.effect() as connection:
            self.store.insert(connection, record, frozenset())
        return record

    def network(self, name: str, project: str = OURS, *ranges: str) -> Record:
        """A network, with a subnetwork of each range."""
        network = self.make(tokens.NETWORK, project, name=name, autoCreateSubnetworks=False)
        for number, text in enumerate(ranges):
            self.subnetwork(network, f"{name}-{number}", text)
        return network

    def subnetwork(self, network: Record, name: str, text: str, **inputs: Any) -> Record:
        """A subnetwork of a network, in its project."""
        given = {"name": name, "region": REGION, "ipCidrRange": text, "network": network.outputs["selfLink"]}
        return self.make(tokens.SUBNETWORK, network.scope.account, **given, **inputs)

    def peer(self, network: Record, other: Record, name: str = "") -> Record:
        """One half of a peering."""
        return self.make(tokens.NETWORK_PEERING, network.scope.account, **halves(network, other, name))

    def peered(self, network: Record, other: Record) -> None:
        """Both halves."""
        self.peer(network, other)
        self.peer(other, network)

    def spoke(self, network: Record, hub: Record, **linked: Any) -> Record:
        """A network on a hub."""
        return self.make(tokens.SPOKE, network.scope.account, **joined(network, hub, **linked))


def halves(network: Record, other: Record, name: str = "") -> dict[str, Any]:
    """Inputs of one half of a peering."""
    return {
        "name": name or f"to-{other.inputs['name']}",
        "network": network.outputs["selfLink"],
        "peerNetwork": other.outputs["selfLink"],
    }


def joined(network: Record, hub: Record, **linked: Any) -> dict[str, Any]:
    """Inputs of a spoke."""
    return {
        "name": f"{network.inputs['name']}-spoke",
        "location": "global",
        "hub": hub.id,
        "linkedVpcNetwork": {"uri": network.outputs["selfLink"], **linked},
    }


def _target(record: Record) -> Target:
    return Target(record.urn, record.type, record.scope)


def _said(error: RefusedError) -> Said:
    return Said([one.code for one in error.refusals], "; ".join(one.message for one in error.refusals))
