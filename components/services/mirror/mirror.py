"""The KafkaMirrorMaker2 object: two connectors a source, run by workers beside the cluster that is written to.

Owns      connectors' settings with their defaults, how each side is reached, and the workers.
Refuses   a heartbeat connector (the API has none), and copied ACLs: rights come from app files on each cluster.
Identity  aliases are clusters' names; group and topics of the workers are their memory.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from components.model import Scalar
from components.services import strimzi_workers
from components.services.access import Peer
from components.services.contract import ServiceRequest
from components.services.mirror import secrets
from components.services.mirror.patterns import expression
from components.services.mirror.spec import MirrorSpec, Remote, Source
from components.services.strimzi_workers import Workers

_PACKAGE = "org.apache.kafka.connect.mirror"
POLICIES = {"same": f"{_PACKAGE}.IdentityReplicationPolicy", "prefixed": f"{_PACKAGE}.DefaultReplicationPolicy"}

STATES = {"running": "running", "paused": "paused", "promoted": "stopped"}
"""A state of the file as the operator calls it. `stopped` frees the tasks; positions stay."""

RESTARTS = 10

METRICS = (
    "kafka_connect_connect_worker_metrics.*",
    "kafka_connect_connect_worker_rebalance_metrics.*",
    "kafka_connect_connector_metrics.*",
    "kafka_connect_connector_task_metrics.*",
    "kafka_connect_source_task_metrics.*",
    "kafka_connect_task_error_metrics.*",
    "kafka_connect_mirror.*",
)


def mirror_spec(request: ServiceRequest) -> MirrorSpec:
    """The request's section, known to be the mirror's."""
    return request.section(MirrorSpec)


def sources_of(request: ServiceRequest) -> Sequence[tuple[Peer, Source]]:
    """The sources that the fleet has, by name. Another one is refused by the spine."""
    sources = mirror_spec(request).sources
    return [(request.peers[name], sources[name]) for name in sorted(sources) if name in request.peers]


def workers_of(request: ServiceRequest) -> Workers:
    """The workers of a request."""
    spec = mirror_spec(request)
    return Workers(
        name=f"{request.cluster}-mirror",
        kind="KafkaMirrorMaker2",
        replicas=spec.replicas,
        cpu=spec.cpu,
        memory_mib=spec.memory_mib,
        heap_mib=spec.heap_mib,
        log_levels=spec.log_levels,
    )


def version_of(request: ServiceRequest) -> str:
    """Kafka version of the workers: the section's, else the cluster's."""
    return mirror_spec(request).version or request.kafka.version


def worker_config(request: ServiceRequest) -> dict[str, Scalar]:
    """The workers' configuration, the section's own values over the defaults."""
    base: dict[str, Scalar] = {
        **strimzi_workers.storage(request.kafka),
        # The source connector's producers have settings of their own.
        "connector.client.config.override.policy": "All",
    }
    return dict(sorted({**base, **mirror_spec(request).config}.items()))


def _excluded(alias: str, source: Source) -> str:
    # MirrorMaker's own exclusions, which a list of ours would replace, and what workers beside the source keep.
    always = (r"mm2.*\.internal", r".*\.checkpoints\.internal", r".*\.replica", "__.*")
    own = rf"{alias}-(connect|mirror)-(configs|offsets|status)"
    return "|".join([*always, own, *([expression(source.exclude)] if source.exclude else [])])


def _connector(source: Source, tasks: int, config: Mapping[str, Scalar]) -> dict[str, Any]:
    common: dict[str, Scalar] = {
        "replication.policy.class": POLICIES[source.names],
        # At the target, so that nothing is ever written to the source.
        "offset-syncs.topic.location": "target",
    }
    return {
        "tasksMax": tasks,
        "state": STATES[source.state],
        "autoRestart": {"enabled": True, "maxRestarts": RESTARTS},
        "config": dict(sorted({**common, **config}.items())),
    }


def _copying(request: ServiceRequest, source: Source) -> dict[str, Any]:
    copies = request.kafka.replication
    config: dict[str, Scalar] = {
        "replication.factor": copies,
        "offset-syncs.topic.replication.factor": copies,
        "sync.topic.acls.enabled": False,
        "sync.topic.configs.enabled": source.sync_topic_configs,
        "refresh.topics.interval.seconds": source.refresh_seconds,
        "offset.lag.max": source.offset_lag_max,
        **{f"consumer.{key}": value for key, value in source.consumer.items()},
        **{f"producer.override.{key}": value for key, value in source.producer.items()},
    }
    return _connector(source, source.tasks, config)


def _checkpoints(request: ServiceRequest, source: Source) -> dict[str, Any]:
    config: dict[str, Scalar] = {
        "checkpoints.topic.replication.factor": request.kafka.replication,
        "emit.checkpoints.interval.seconds": source.checkpoint_seconds,
        "sync.group.offsets.enabled": source.sync_group_offsets,
        "sync.group.offsets.interval.seconds": source.checkpoint_seconds,
        "refresh.groups.interval.seconds": source.refresh_seconds,
    }
    return _connector(source, 1, config)


def address_of(peer: Peer, remote: Remote) -> str:
    """Where a source on another cell is reached: as the file says, else its own listener; empty where it has none."""
    way = peer.kafka.outside(remote.authentication)
    return remote.address or (way.bootstrap if way else "")


def ports_of(peer: Peer, remote: Remote) -> list[int]:
    """The ports behind that: of the bootstrap, and of each broker where these differ."""
    way = None if remote.address else peer.kafka.outside(remote.authentication)
    known = [*address_of(peer, remote).split(","), *(way.brokers if way else ())]
    return sorted({int(address.rpartition(":")[2]) for address in known if address})


def _reached(peer: Peer, remote: Remote) -> dict[str, Any]:
    authentication = strimzi_workers.certificate(remote.user_secret)
    if remote.authentication == "scram-sha-512":
        authentication = {
            "type": "scram-sha-512",
            "username": remote.username,
            "passwordSecret": {"secretName": remote.user_secret, "password": "password"},
        }
    return {
        "bootstrapServers": address_of(peer, remote),
        "tls": strimzi_workers.trust(remote.ca_secret),
        "authentication": authentication,
    }


def _source(request: ServiceRequest, peer: Peer, source: Source) -> dict[str, Any]:
    if source.remote is not None:
        reached = _reached(peer, source.remote)
    else:
        reached = {
            "bootstrapServers": peer.kafka.bootstrap,
            "tls": strimzi_workers.trust(secrets.authority(request, peer)),
            "authentication": strimzi_workers.certificate(secrets.user(request, peer)),
        }
    mirror: dict[str, Any] = {
        "source": {"alias": peer.cluster, **reached},
        "topicsPattern": expression(source.topics),
        "topicsExcludePattern": _excluded(peer.cluster, source),
        "sourceConnector": _copying(request, source),
    }
    if source.groups:
        mirror |= {
            "groupsPattern": expression(source.groups),
            # MirrorMaker leaves out connect-* and console-consumer-* by itself; what a file names, it means.
            "groupsExcludePattern": "__.*",
            "checkpointConnector": _checkpoints(request, source),
        }
    return mirror


def mirror_maker(request: ServiceRequest) -> dict[str, Any]:
    """The KafkaMirrorMaker2 object of a request."""
    workers = workers_of(request)
    topics = workers.topics
    target = {
        "alias": request.cluster,
        "bootstrapServers": request.kafka.bootstrap,
        "groupId": workers.name,
        "configStorageTopic": topics["configs"],
        "offsetStorageTopic": topics["offsets"],
        "statusStorageTopic": topics["status"],
        "tls": strimzi_workers.trust(request.kafka.ca_secret),
        "authentication": strimzi_workers.certificate(workers.name),
        "config": worker_config(request),
    }
    return {
        "apiVersion": strimzi_workers.API,
        "kind": workers.kind,
        "metadata": {
            "name": workers.name,
            "namespace": request.namespace,
            "annotations": {
                **request.annotations,
                "pulumi.com/waitFor": "condition=Ready",
                "pulumi.com/timeoutSeconds": str(workers.timeout_seconds),
            },
        },
        "spec": {
            **strimzi_workers.common(request, workers, METRICS),
            "version": version_of(request),
            "target": target,
            "mirrors": [_source(request, peer, source) for peer, source in sources_of(request)],
        },
    }


def endpoints(request: ServiceRequest) -> Mapping[str, str]:
    """From where, by source: nobody connects to a mirror."""
    return {
        peer.cluster: f"{address_of(peer, source.remote) if source.remote else peer.kafka.bootstrap} ({source.state})"
        for peer, source in sources_of(request)
    }


def explain(request: ServiceRequest) -> Sequence[str]:
    """Why the workers have the version and heap that they have, and what each source's users may touch."""
    spec, workers = mirror_spec(request), workers_of(request)
    rule = "as the section states" if spec.heap_mib else f"{strimzi_workers.HEAP_SHARE:.0%} of {spec.memory_mib} MiB"
    whose = "as the section states" if spec.version else "that of the cluster's kafka"
    return (
        f"version: {version_of(request)}, {whose}",
        f"heap: {workers.heap} MiB, {rule}",
        *(f"{peer.cluster}: topics {expression(source.topics)}" for peer, source in sources_of(request)),
    )
