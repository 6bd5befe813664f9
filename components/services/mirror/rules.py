"""The laws of a mirror: allowed by both sides, reachable, no loop, and its workers fit.

Owns      what would be refused, dropped or regretted later, said while the file is still under review.
Refuses   whether a named cluster exists: the spine has said so, and such a source is not judged here.
"""

from collections.abc import Iterator, Sequence

from components.config import table
from components.finding import Finding
from components.services import operator_versions, strimzi_workers
from components.services.access import Peer
from components.services.contract import Load, ServiceRequest
from components.services.mirror import secrets
from components.services.mirror.mirror import address_of, mirror_spec, sources_of, version_of, workers_of
from components.services.mirror.patterns import covers, overlap
from components.services.mirror.spec import MirrorSpec, Remote, Source
from components.services.workload_rules import check_pods

_OURS = ("bootstrap.servers", "security.protocol", "sasl.", "ssl.", "client.rack", "group.id", "metric.reporters")
"""Beginnings of client settings that follow from the section."""


def _allowed(request: ServiceRequest, peer: Peer, at: tuple[str, ...]) -> Iterator[Finding]:
    theirs = peer.services.get("mirror")
    named = isinstance(theirs, MirrorSpec) and request.cluster in theirs.targets
    if peer.team != request.team and not named:
        yield Finding(
            "mirror-not-allowed",
            at,
            f"cluster '{peer.cluster}' belongs to team '{peer.team}' and does not let '{request.cluster}' read it",
            hint=f"ask that team for `services: {{mirror: {{targets: [{request.cluster}]}}}}` in its own file",
        )


def _remote(remote: Remote, at: tuple[str, ...]) -> Iterator[Finding]:
    if remote.authentication == "scram-sha-512" and remote.username is None:
        yield Finding("remote-without-username", at, "a password belongs to a user", hint="state username")
    if remote.authentication == "tls" and remote.username is not None:
        yield Finding(
            "remote-username-ignored", (*at, "username"), "a certificate has its own name", hint="remove username"
        )


def _reachable(request: ServiceRequest, peer: Peer, source: Source, at: tuple[str, ...]) -> Iterator[Finding]:
    same = peer.cell == request.place.cell
    if same and source.remote is not None:
        yield Finding(
            "remote-not-needed",
            (*at, "remote"),
            f"'{peer.cluster}' stands on the same cell: it is reached inside Kubernetes, by a user of the mirror's own",
            hint="remove it",
        )
    elif same and secrets.API not in request.place.apis:
        yield Finding(
            "external-secrets-missing",
            at,
            f"the mirror's credentials for '{peer.cluster}' are in another namespace, and cell '{request.place.cell}' "
            f"has no External Secrets to bring them",
            hint=f"install it there and add {secrets.API} to the cell's `kubernetes.apis`",
        )
    elif not same and source.remote is None:
        yield Finding(
            "source-on-other-cell",
            at,
            f"'{peer.cluster}' stands on cell '{peer.cell}': this stack can make neither a user nor a Secret there",
            hint="state `remote` with cidrs, and the Secrets that were delivered here",
        )
    if source.remote is not None:
        yield from _remote(source.remote, (*at, "remote"))
        if not address_of(peer, source.remote):
            has = [way for way in peer.kafka.ways if way.type != "internal"]
            yield Finding(
                "remote-without-address",
                (*at, "remote"),
                f"'{peer.cluster}' has no listener outside of its Kubernetes that takes {source.remote.authentication}",
                ", ".join(sorted({way.authentication for way in has})),
                "state its address, another authentication, or add a listener to that cluster",
            )


def _loop(request: ServiceRequest, peer: Peer, source: Source, at: tuple[str, ...]) -> Iterator[Finding]:
    theirs = peer.services.get("mirror")
    back = theirs.sources.get(request.cluster) if isinstance(theirs, MirrorSpec) else None
    if back is None or "promoted" in (back.state, source.state) or "prefixed" in (back.names, source.names):
        return
    both = [one for one in source.topics if any(overlap(one, other) for other in back.topics)]
    if both:
        yield Finding(
            "mirror-loop",
            (*at, "topics"),
            f"{', '.join(both)}: '{peer.cluster}' copies them back under the same names, so each record would go round "
            "for ever",
            hint="mirror one way only, end the other with `state: promoted`, or take `names: prefixed` on both",
        )


def _patterns(source: Source, at: tuple[str, ...]) -> Iterator[Finding]:
    for index, pattern in enumerate(source.topics):
        twice = [
            other for n, other in enumerate(source.topics) if covers(other, pattern) and (n < index or other != pattern)
        ]
        if twice:
            yield Finding(
                "pattern-covered",
                (*at, "topics", index),
                f"'{pattern}' is already meant by '{twice[0]}'",
                hint="remove it",
            )
    for index, pattern in enumerate(source.exclude):
        if not any(overlap(pattern, topic) for topic in source.topics):
            yield Finding(
                "exclude-of-nothing",
                (*at, "exclude", index),
                f"'{pattern}' is not among the topics that are copied",
                ", ".join(source.topics),
                "remove it",
            )


def _clients(request: ServiceRequest, source: Source, at: tuple[str, ...]) -> Iterator[Finding]:
    for kind, config in (("consumer", source.consumer), ("producer", source.producer)):
        for key in config:
            if key.startswith(_OURS):
                yield Finding(
                    "client-config-owned",
                    (*at, kind, key),
                    f"'{key}' follows from the section: where the mirror's clients go, and as whom",
                    hint="remove it",
                )
        judged = {key: value for key, value in config.items() if not key.startswith(_OURS)}
        if judged:
            yield from table.check(judged, kind, version_of(request), (*at, kind))


def check(request: ServiceRequest) -> Iterator[Finding]:
    """Every law that the section breaks. Paths are relative to it."""
    spec = mirror_spec(request)
    if not spec.sources:
        if not spec.targets:
            yield Finding(
                "mirror-of-nothing", ("sources",), "the section names no cluster", hint="state sources or targets"
            )
        return
    if spec.version is not None:
        yield from operator_versions.check(request, spec.version, ("version",), "mirrors")
    yield from check_pods(request, spec.replicas, None)
    yield from strimzi_workers.heap_findings(workers_of(request))
    yield from strimzi_workers.config_findings(request, spec.config, version_of(request), "mirror_cluster")
    for peer, source in sources_of(request):
        at = ("sources", peer.cluster)
        yield from _allowed(request, peer, at)
        yield from _reachable(request, peer, source, at)
        yield from _loop(request, peer, source, at)
        yield from _patterns(source, at)
        yield from _clients(request, source, at)


def loads(_request: ServiceRequest) -> Sequence[Load]:
    """Nothing on the cell's Kafka nodes: workers run on the system nodes."""
    return ()
