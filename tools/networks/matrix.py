"""Runs the matrix: applies every cell and cluster in a sandbox, traces each from a client, scales, traces again.

Owns      the order of the commands, and what was found for each square.
Refuses   to look inside of the components: it types the commands that a person would, and reads what they print.
"""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sandbox import address
from sandbox.contract import Record
from sandbox.store import Store
from sandbox.trace import Target, Trace
from sandbox.trace.state import ask
from tools.fleet_copy import copy_fleet, environment
from tools.networks import company, fleet
from tools.networks.fleet import Pair

T = TypeVar("T")


def _why(target: Target) -> str:
    hop = target.broken or next((hop for hop in target.hops if hop.verdict == "unknown"), None)
    return f"{target.host}:{target.port}: {hop.kind} {hop.resource}: {hop.reason}" if hop else "no hop says so"


_GKE_MADE = "kafka-gateway"
"""Name of the ServiceAttachment object of a cell: GKE gives the attachment a name that holds it."""


class FailedError(Exception):
    """A command failed; the text is what it said."""


@dataclass
class Found:
    """What came of one square. `traces`: brokers -> (reachable targets, all targets, why not)."""

    pair: Pair
    objects: int = 0
    traces: dict[int, tuple[int, int, str]] = field(default_factory=dict)


class Matrix:
    """A folder with the fleet of the matrix and a sandbox of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.found: dict[str, Found] = {pair.cluster: Found(pair) for pair in fleet.built()}
        self.resources: Counter[str] = Counter()
        self.seconds: dict[str, float] = {}
        self.addresses: dict[str, Mapping[str, tuple[str, int]]] = {}

    @contextmanager
    def running(self) -> Iterator["Matrix"]:
        """With the sandbox up; it is stopped at the end."""
        self.root.mkdir(parents=True, exist_ok=True)
        copy_fleet(self.root)
        self._fleet("sandbox", "start")
        try:
            yield self
        finally:
            self._fleet("sandbox", "stop")

    def apply(self) -> None:
        """Make the company's networks, every cell, every cluster, and the consumers of the private links."""
        at = address.read(self.state)
        if at is None:
            raise FailedError("the sandbox says nowhere where it is")
        peers = self._timed("company", lambda: company.make(self.root, at))
        fleet.write(self.root, peers)
        self._fleet("validate")
        self._timed("apply", lambda: self._up("--all"))
        for cloud, service in self._services().items():
            fleet.consume(self.root, cloud, service)
        self._timed("consume", lambda: self._up(*(f"cell.{cloud}-private" for cloud in fleet.PEERS)))

    def changes(self, *stacks: str) -> Mapping[str, str]:
        """What another run of these stacks would do: URN -> operation, for everything that is not left alone."""
        report = self._report("preview", *stacks)
        return {
            one["urn"]: one["op"]
            for outcome in report["outcomes"]
            for one in outcome["resources"]
            if one["op"] not in {"same", "read"}
        }

    def named(self, pair: Pair) -> Mapping[str, tuple[str, int]]:
        """Host and port of each target of a cluster, by the target's name."""
        return {target.name: (target.host, target.port) for target in self.traced(pair).targets}

    def scale(self) -> None:
        """Three brokers become six, everywhere."""
        self.addresses = {pair.cluster: self.named(pair) for pair in fleet.built()}
        fleet.scale(self.root)
        self._timed("scale", lambda: self._up(*(f"kafka.{pair.cluster}" for pair in fleet.built())))

    def trace(self, brokers: int) -> None:
        """Ask for each cluster whether its clients reach the bootstrap and every broker."""
        began = time.monotonic()
        for found in self.found.values():
            told = self.traced(found.pair)
            reached = [target for target in told.targets if target.result == "reachable"]
            why = next((_why(target) for target in told.targets if target.result != "reachable"), "")
            found.traces[brokers] = (len(reached), len(told.targets), why)
        self.seconds[f"trace {brokers}"] = time.monotonic() - began

    def traced(self, pair: Pair) -> Trace:
        """What `fleet sandbox trace` says of one square."""
        return ask(self.state, self.client(pair), pair.cluster, "")

    def client(self, pair: Pair) -> str:
        """Where the clients of a square are, as `--from` says it."""
        if pair.reachability == "public":
            return "internet:198.51.100.7"
        if pair.reachability == "peering":
            return f"network:{self.peers()[pair.cloud]}"
        if pair.reachability == "hub":
            return f"hub:{self._hub(pair.cloud)}:10.250.0.9"
        return f"cell:{pair.cloud}-private"

    def peers(self) -> Mapping[str, str]:
        """The company's network of each cloud."""
        return {
            "aws": self._one("aws:ec2/vpc:Vpc", "company").id,
            "gcp": str(self._one("gcp:compute/network:Network", "company").outputs["selfLink"]),
            "azure": self._one("azure-native:network:VirtualNetwork", "company").id,
        }

    @property
    def state(self) -> Path:
        """Where the sandbox keeps its state."""
        return self.root / ".fleet" / "sandbox"

    def _hub(self, cloud: str) -> str:
        kinds = {
            "aws": "aws:ec2transitgateway/transitGateway:TransitGateway",
            "gcp": "gcp:networkconnectivity/hub:Hub",
            "azure": "azure-native:network:VirtualHub",
        }
        return self._one(kinds[cloud], f"cell.{cloud}-hub").id

    def _services(self) -> Mapping[str, str]:
        """What the consumer of each cloud writes into its `links`."""
        link = self._one("aws:ec2/vpcEndpointService:VpcEndpointService", "cell.aws-privatelink")
        region = "europe-west4"
        return {
            "aws": str(link.outputs["serviceName"]),
            "gcp": f"projects/{fleet.account('gcp')}/regions/{region}/serviceAttachments/{_GKE_MADE}",
            "azure": f"/subscriptions/{fleet.account('azure')}/resourceGroups/kf-azure-privatelink-nodes/providers"
            "/Microsoft.Network/privateLinkServices/kf-azure-privatelink",
        }

    def _one(self, kind: str, stack: str) -> Record:
        """The one resource of a type that a stack made."""
        rows = Store(self.state).rows("type = ?", (kind,))
        records = [row.record for row in rows]
        mine = [record for record in records if record.urn.split("::")[0].removeprefix("urn:pulumi:") == stack]
        if len(mine) != 1:
            raise FailedError(f"{len(mine)} resources of type {kind} in stack {stack}")
        return mine[0]

    def _up(self, *stacks: str) -> None:
        for outcome in self._report("up", *stacks, "--yes")["outcomes"]:
            self.resources[outcome["stack"]] = len(outcome["resources"])

    def _report(self, *arguments: str) -> dict[str, Any]:
        """The report of a run that must succeed."""
        done = self._run(*arguments, "--output", "json")
        if not done.stdout.startswith("{"):
            raise FailedError(done.stdout + done.stderr)
        report: dict[str, Any] = json.loads(done.stdout)
        said = [
            f"{outcome['stack']}: {one['message']}"
            for outcome in report["outcomes"]
            for one in outcome["diagnostics"]
            if one["severity"] == "error"
        ]
        if done.returncode != 0:
            raise FailedError("\n".join(said) or done.stderr)
        return report

    def _fleet(self, *arguments: str) -> str:
        done = self._run(*arguments)
        if done.returncode != 0:
            raise FailedError(f"fleet {' '.join(arguments)}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        program = Path(sys.executable).parent / "fleet"
        return subprocess.run(  # noqa: S603 - our own command
            [program, *arguments],
            cwd=self.root,
            env=environment(once=True),
            capture_output=True,
            text=True,
            check=False,
        )

    def _timed(self, what: str, work: Callable[[], T]) -> T:
        began = time.monotonic()
        result = work()
        self.seconds[what] = time.monotonic() - began
        return result
