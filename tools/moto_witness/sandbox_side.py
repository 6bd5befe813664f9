"""The sandbox as it judges: all its judges, its own store, no server between."""

from pathlib import Path

from sandbox import wire
from sandbox.contract import Request
from sandbox.models import clouds
from sandbox.resources import RefusedError, Resources, Target
from sandbox.store import Store
from sandbox.world import StoreWorld
from tools.moto_witness.asked import Asked, Said


class Sandbox:
    """One account's worth of state, or many: the request says for whom it is."""

    def __init__(self, folder: Path) -> None:
        self._store = Store(folder)
        self._resources = Resources(clouds()["aws"], self._store)

    def close(self) -> None:
        """Let go of the file."""
        self._store.connection().close()

    def create(self, asked: Asked) -> Said:
        """Make it, or say why not."""
        struct = wire.write(asked.inputs)
        target = Target(f"urn:witness::{asked.type}::{asked.name}", asked.type, asked.scope)
        try:
            record, _secrets = self._resources.create(target, wire.read(struct), wire.digest(struct))
        except RefusedError as error:
            return Said(False, error.refusals[0].code, error.refusals[0].message)
        return Said(True, record=record)

    def judge(self, asked: Asked) -> Said:
        """What would become of it; nothing is made."""
        struct = wire.write(asked.inputs)
        judged = self._resources.judge.static(asked.type, wire.digest(struct), wire.read(struct))
        urn = f"urn:witness::{asked.type}::{asked.name}"
        request = Request("create", urn, asked.type, asked.scope, judged.inputs)
        world = StoreWorld(self._store, keep=False)
        laws = self._resources.judge.laws(request, world, bool(judged.refusals))
        refused = [*laws, *judged.refusals]
        return Said(False, refused[0].code, refused[0].message) if refused else Said(True)
