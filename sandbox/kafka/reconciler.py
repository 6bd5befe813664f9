"""One cluster, kept as its objects say: the node, then topics and users, then the services beside it.

Owns      the order, one thread a cluster, and the file `status.json` that says how far it got.
Refuses   to be Strimzi: what differs is in docs/sandbox-kafka.md and in the status.
"""

import os
import re
import threading
import time
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sandbox.kafka import topics, users
from sandbox.kafka.admin import Admin, AdminError
from sandbox.kafka.broker import Broker, BrokerError
from sandbox.kafka.declared import Cluster, name_of
from sandbox.kafka.place import Place, read_json, write_json
from sandbox.kafka.registry import STARTING, Registry
from sandbox.kafka.secrets import Secrets
from sandbox.kafka.told import Told
from sandbox.kafka.worker import Outcome, Worker
from sandbox.store import now
from tools.kafka import KafkaError

RESYNC_SECONDS = 30.0
TICK_SECONDS = 1.0
RETRY_SECONDS = 1.0
BY = "the sandbox's own reconciler, not Strimzi"


def _later(one: str, other: str) -> bool:
    """Whether a metadata version, like `4.3-IV0`, comes after another."""
    return [int(n) for n in re.findall(r"\d+", one)] > [int(n) for n in re.findall(r"\d+", other)]


class Reconciler(threading.Thread):
    """Runs until `stop`; `want` hands it the objects whenever they may have changed."""

    def __init__(self, state_dir: Path, cluster: str, admin: Admin, starting: threading.Semaphore) -> None:
        super().__init__(name=cluster, daemon=True)
        self.place = Place(state_dir, cluster).make()
        self.broker = Broker(self.place)
        self._secrets = Secrets(self.place, self.broker.cluster_ca, self.broker.clients_ca)
        self._worker = Worker(self.place, self.broker)
        self._registry = Registry(self.place)
        self._admin = admin
        self._starting = starting
        self._wanted: Cluster | None = None
        self._awake = threading.Event()
        self._ended = threading.Event()
        self._open = False
        self._coming = False
        self._managed = self.place.folder / "topics.json"

    def want(self, cluster: Cluster) -> None:
        """Hand over what is declared now."""
        if cluster != self._wanted:
            self._wanted = cluster
            self._awake.set()

    def stop(self) -> None:
        """Ask the thread to end. The node runs on: whoever ends the sandbox stops it."""
        self._ended.set()
        self.broker.cancelled.set()
        self._awake.set()

    def run(self) -> None:
        """Reconcile when something changed, after a failure, and from time to time."""
        due, delay = 0.0, RETRY_SECONDS
        while not self._ended.is_set():
            woken = self._awake.wait(TICK_SECONDS)
            self._awake.clear()
            if self._ended.is_set():
                return
            cluster = self._wanted
            if cluster is None or not (woken or time.monotonic() > due or self._fallen()):
                continue
            settled = self._once(cluster)
            # What stays refused is asked for less and less often; a change of the objects wakes at once.
            delay = RETRY_SECONDS if woken or settled or self._coming else min(delay * 2, RESYNC_SECONDS)
            due = time.monotonic() + (RESYNC_SECONDS if settled else delay)

    def _fallen(self) -> bool:
        return not self.broker.process.pid

    def _once(self, cluster: Cluster) -> bool:
        self._coming = False
        try:
            return self._reconcile(cluster)
        except (BrokerError, AdminError, KafkaError) as error:
            self._open = False
            if self._ended.is_set():
                return True
            self._tell("failed", str(error), [], cluster=cluster)
        except Exception as error:  # noqa: BLE001 - a bug of ours must be seen in the status, and must not end the others
            self._open = False
            self._tell("failed", f"a bug of the sandbox: {error!r}", [], cluster=cluster)
            traceback.print_exc()
        return False

    def _reconcile(self, cluster: Cluster) -> bool:
        problems = self._secrets.make(cluster.users)
        if self._fallen():
            self._tell("starting", "", [])
        # Few at once: every starting node wants a whole core, and the first ones are what somebody waits for.
        with self._starting:
            if self._ended.is_set():
                return True
            restarted = self.broker.start(cluster)
        if restarted or not self._open:
            self._admin.open(self.place.cluster, self.broker.operator())
            self._open = True
        told = self._content(cluster, problems)
        worker = self._worker.reconcile(cluster)
        registry = self._registry.reconcile(cluster)
        told += [*worker.told, *registry.told]
        # It answers in seconds, and the apps' subjects wait for it.
        self._coming = any(one.reason == STARTING for one in registry.told)
        self._tell("ready", "", told, cluster=cluster, worker=worker, registry=registry)
        return worker.settled and registry.settled and all(one.ready for one in told)

    def _content(self, cluster: Cluster, problems: dict[str, str]) -> list[Told]:
        chosen = self.broker.settings
        if chosen is None:
            raise BrokerError("the node has no settings")
        name = self.place.cluster
        actual = self._admin.state(name)
        owned = set(read_json(self._managed).get("topics", []))
        plan = topics.plan(cluster.topics, actual["topics"], owned, int(chosen.config.get("num.partitions", 1)))
        # Written before the change: a topic that is made just before we die must be known as ours.
        mine = {topics.topic_name(body) for body in cluster.topics if topics.managed(body)}
        if not owned >= mine:
            write_json(self._managed, {"topics": sorted(owned | mine)})
        if chosen.metadata and _later(chosen.metadata, actual["metadata"]):
            plan.told.append(Told("Kafka", name, True))
            plan.add("Kafka", name, do="upgrade-metadata", version=chosen.metadata)
        refused = self._admin.apply(name, plan.changes)
        left = {c["name"] for c, why in zip(plan.changes, refused, strict=True) if c["do"] == "delete-topic" and why}
        write_json(self._managed, {"topics": sorted(mine | left)})
        return plan.outcome(refused) + self._users(cluster, actual, problems)

    def _users(self, cluster: Cluster, actual: dict[str, Any], problems: dict[str, str]) -> list[Told]:
        chosen = self.broker.settings
        quotas = chosen.default_quotas if chosen else {}
        plan = users.plan(
            cluster.users,
            actual,
            quotas,
            lambda body: self._secrets.fresh(name_of(body), known=name_of(body) in actual["users"]),
            problems,
        )
        refused = self._admin.apply(self.place.cluster, plan.changes)
        taken = [
            str(change["name"])
            for change, why in zip(plan.changes, refused, strict=True)
            if change["do"] == "set-password" and why is None
        ]
        self._secrets.tell(taken, [name_of(body) for body in cluster.users])
        return plan.outcome(refused)

    def _tell(
        self,
        state: str,
        message: str,
        told: list[Told],
        cluster: Cluster | None = None,
        worker: Outcome | None = None,
        registry: Outcome | None = None,
    ) -> None:
        chosen = self.broker.settings
        beside = [one for one in (worker, registry) if one]
        adapted = [*self.broker.adapted, *(line for one in beside for line in one.adapted)]
        write_json(
            self.place.status,
            {
                "cluster": self.place.cluster,
                "by": BY,
                "state": state,
                "message": message,
                "observed": cluster.digest if cluster else "",
                "version": chosen.version if chosen else "",
                "pid": self.broker.process.pid,
                "keeper": os.getpid(),
                "listeners": [{**asdict(one), "bootstrap": one.bootstrap} for one in self.broker.listeners],
                "connect": worker.addresses if worker else {},
                "registries": registry.addresses if registry else {},
                "objects": [asdict(one) for one in told],
                "adapted": [asdict(one) for one in adapted],
                "updated": now(),
            },
        )

    def end(self) -> None:
        """Stop everything of the cluster; its data stays."""
        self.stop()
        if self.is_alive() and self is not threading.current_thread():
            self.join(30)
        self._worker.stop()
        self._registry.stop()
        self.broker.stop()
        if self.place.status.exists():
            self._tell("stopped", "", [])
