"""Both witnesses asked the same: what each said, and whether they agree.

Owns      the comparison; agreement is about being accepted or refused, not about the words.
Refuses   reasons: those are written down in `differences.py`.
"""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.contract import Record, Scope
from tools.moto_witness import calls_entrances, calls_links, calls_network
from tools.moto_witness.asked import Asked, Said
from tools.moto_witness.moto_side import Moto
from tools.moto_witness.program import linked
from tools.moto_witness.sandbox_side import Sandbox
from tools.moto_witness.wrong_entrances import ENTRANCES
from tools.moto_witness.wrong_links import LINKS
from tools.moto_witness.wrong_networks import NETWORKS

CALLS = {**calls_network.CALLS, **calls_links.CALLS, **calls_entrances.CALLS}
"""Every type that is translated, and how."""


@dataclass(frozen=True)
class Line:
    """One request, and what became of it in both."""

    what: str
    type: str
    sandbox: Said
    moto: Said

    @property
    def agree(self) -> bool:
        """Whether both accept it or both refuse it. A witness that has no such call agrees with nothing."""
        return self.moto.known and self.sandbox.accepted == self.moto.accepted


class WitnessError(Exception):
    """The good program was refused by the sandbox, so that nothing can be compared."""


def replay(records: Iterable[Record], moto: Moto) -> list[Line]:
    """What the sandbox has accepted already, asked of moto in the same order; types not translated are left out."""
    found = []
    for record in records:
        if moto.knows(record.type):
            asked = Asked(record.type, record.urn.rpartition("::")[2], record.inputs, record.scope)
            found.append(Line(asked.name, record.type, Said(True, record=record), moto.create(asked, record)))
    return found


def good() -> list[Line]:
    """The good program, in both."""
    with tempfile.TemporaryDirectory() as folder, Moto(CALLS) as moto:
        return replay(_made(Path(folder)).values(), moto)


def wrong() -> list[Line]:
    """Every wrong request on top of the good program; what moto takes of them is in the way of none after it."""
    with tempfile.TemporaryDirectory() as folder, Moto(CALLS) as moto:
        sandbox = Sandbox(Path(folder))
        try:
            made = linked(_maker(sandbox))
            replay(made.values(), moto)
            asked = [(each.what, each.asked(made)) for each in (*NETWORKS, *LINKS, *ENTRANCES)]
            return [Line(what, one.type, sandbox.judge(one), moto.create(one)) for what, one in asked]
        finally:
            sandbox.close()


def _made(folder: Path) -> dict[str, Record]:
    sandbox = Sandbox(folder)
    try:
        return linked(_maker(sandbox))
    finally:
        sandbox.close()


def _maker(sandbox: Sandbox) -> Any:
    def make(token: str, name: str, scope: Scope, /, **inputs: Any) -> Record:
        said = sandbox.create(Asked(token, name, inputs, scope))
        if said.record is None:
            raise WitnessError(f"the sandbox refuses '{name}' of the good program: {said.code}: {said.message}")
        return said.record

    return make
