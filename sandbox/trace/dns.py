"""A name, resolved as a client's network would.

Owns      which zone answers, wildcards, aliases, and names that a cloud itself publishes.
Refuses   resolvers of offices and of networks that are not here: that they forward is assumed, and told.

As in the clouds, the longest private zone that the network sees answers alone: a name that it does not hold does not
exist, whatever a public zone says.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sandbox.trace.external_dns import Wanted, Writer
from sandbox.trace.look import Look, hop, named
from sandbox.trace.places import Client, Net
from sandbox.trace.result import Hop, broken
from sandbox.trace.zones import Entry, Zone, entries, seen_from, zones

CLOUD_NAMES = (".amazonaws.com", ".vpce.amazonaws.com", ".cloudapp.azure.com")
"""Suffixes that a cloud publishes for everybody, private addresses or not."""
_DEPTH = 8


@dataclass(frozen=True)
class Answer:
    """What a name leads to: addresses and cloud names in `values`, or the load balancer of a Service."""

    hops: tuple[Hop, ...]
    values: tuple[str, ...] = ()
    service: str = ""


@dataclass(frozen=True)
class Resolver:
    """Resolution over a world, with the records that external-dns writes."""

    look: Look
    wanted: Sequence[Wanted]
    writer: Writer
    home: Net
    """The network in which the cell's own names are known."""

    def resolve(self, client: Client, name: str) -> Answer:
        """Resolve a name for a client."""
        if client.net is not None:
            return self._chain(client.net, name, ())
        if client.hub:
            note = hop(
                "dns", f"resolver for {name}", client.hub, "assumed",
                f"the office's resolver forwards {name} to one in the cell's network",
            )  # fmt: skip
            return self._chain(self.home, name, (note,))
        return self._chain(None, name, ())

    def _chain(self, net: Net | None, name: str, before: tuple[Hop, ...]) -> Answer:
        hops = list(before)
        for _ in range(_DEPTH):
            if name.endswith(CLOUD_NAMES):
                return Answer(tuple(hops), (name,))
            answer = self._once(net, name)
            hops += answer.hops
            if broken(answer.hops) or answer.service or not answer.values:
                return replace(answer, hops=tuple(hops))
            if all(_is_address(one) for one in answer.values):
                return replace(answer, hops=tuple(hops))
            name = answer.values[0]
        failed = hop("dns", name, "", "fail", f"more than {_DEPTH} aliases follow one another")
        return Answer((*hops, failed))

    def _once(self, net: Net | None, name: str) -> Answer:
        asked = f"{name} from {net.id if net else 'the internet'}"
        chosen = self._zone(net, name)
        if chosen is None:
            seen = "no private zone that the network sees and no public zone" if net else "no public zone"
            return Answer((hop("dns", asked, "", "fail", f"NXDOMAIN: {seen} holds it{self._hidden(net, name)}"),))
        zone, why = chosen
        if zone.forwards_to:
            return self._forwarded(zone, name)
        return self._in_zone(zone, name, asked, why)

    def _forwarded(self, zone: Zone, name: str) -> Answer:
        first = hop("dns", name, zone.record, "pass", f"a peering zone: asked in {zone.forwards_to}")
        target = Net("gcp", zone.forwards_to, None)
        inner = [
            one
            for one in self._candidates(name)
            if one.private and not one.forwards_to and seen_from(self.look, one, target)
        ]
        if not inner:
            failed = hop("dns", name, zone.record, "fail", f"NXDOMAIN: {zone.forwards_to} sees no zone of it")
            return Answer((first, failed))
        chosen = max(inner, key=lambda one: len(one.name))
        found = self._in_zone(chosen, name, name, f"private zone of {zone.forwards_to}")
        return replace(found, hops=(first, *found.hops))

    def _candidates(self, name: str) -> list[Zone]:
        return [one for one in zones(self.look) if name == one.name or name.endswith(f".{one.name}")]

    def _zone(self, net: Net | None, name: str) -> tuple[Zone, str] | None:
        candidates = self._candidates(name)
        if net is not None:
            found = [(one, seen_from(self.look, one, net)) for one in candidates if one.private]
            seen = [(one, by) for one, by in found if by is not None]
            if seen:
                zone, by = max(seen, key=lambda pair: len(pair[0].name))
                return zone, f"private zone, seen by {named(by)}"
        public = [one for one in candidates if not one.private]
        if not public:
            return None
        return max(public, key=lambda one: len(one.name)), "public zone"

    def _hidden(self, net: Net | None, name: str) -> str:
        """Zones that would answer, were they visible: the most likely reason of an NXDOMAIN."""
        private = [one for one in self._candidates(name) if one.private]
        if not private:
            return ""
        where = f"associated with {net.id}" if net else "visible on the internet"
        return f"; {', '.join(named(one.record) for one in private)} would, but is not {where}"

    def _in_zone(self, zone: Zone, name: str, asked: str, why: str) -> Answer:
        hops: tuple[Hop, ...] = ()
        if not zone.private:
            note = "that the parent zone delegates to its name servers is taken for granted"
            hops = (hop("dns", f"delegation of {zone.name}", zone.record, "assumed", note),)
        entry = match(entries(self.look, zone), name)
        asking = [one for one in self.wanted if one.name == name]
        if entry is not None and (entry.name == name or not asking):
            told = f"{entry.type} {entry.name} → {', '.join(entry.values)} ({why})"
            return Answer((*hops, hop("dns", asked, entry.record, "pass", told)), entry.values)
        for one in asking:
            reason = self.writer.why_not(name)
            if reason:
                return Answer(
                    (*hops, hop("dns", asked, zone.record, "fail", f"NXDOMAIN: {reason}; {one.asked_by} asks for it"))
                )
            told = f"external-dns writes it for {one.asked_by} ({why})"
            return Answer((*hops, hop("dns", asked, self.writer.record, "pass", told)), one.addresses, one.service)
        return Answer(
            (
                *hops,
                hop(
                    "dns",
                    asked,
                    zone.record,
                    "fail",
                    "NXDOMAIN: the zone has no such record, and nothing asks external-dns for it",
                ),
            )
        )


def match(found: Sequence[Entry], name: str) -> Entry | None:
    """The record set that answers: the name's own, or else the longest wildcard."""
    useful = [one for one in found if one.type in {"A", "ALIAS", "CNAME"}]
    exact = [one for one in useful if one.name == name]
    if exact:
        return exact[0]
    wild = [one for one in useful if one.name.startswith("*.") and name.endswith(one.name[1:])]
    return max(wild, key=lambda one: len(one.name)) if wild else None


def _is_address(text: str) -> bool:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True
