"""The laws of an app that need its cluster or the other apps on it.

Owns      prefixes, shares, users against the cluster; what all apps together may take from a cluster.
Refuses   types and patterns of single fields (`spec.py`).
"""

from collections.abc import Iterator

from components.apps import (
    acl_rules,
    connector_rules,
    credential_rules,
    delivery_rules,
    subject_rules,
    topic_rules,
)
from components.apps.contract import AppRequest
from components.apps.tenants import Tenants, plain
from components.finding import Finding
from components.services.contract import ServiceRequest
from components.services.kafka.limits import USERS_PER_CLUSTER
from components.services.kafka.place import kafka_spec
from components.services.kafka.sizing import throughput_of


def _prefixes(request: AppRequest, tenants: Tenants) -> Iterator[Finding]:
    for index, prefix in enumerate(request.spec.prefixes):
        for owner, theirs in sorted(set(tenants.overlapping(prefix, request.app))):
            yield Finding(
                "prefix-overlap",
                ("prefixes", index),
                f"prefix '{prefix}' overlaps '{theirs}' of app '{owner}' on cluster '{request.kafka.cluster}' "
                "(kafka treats '_' and '.' alike)",
                hint=f"take a prefix of its own, or let '{owner}' share",
            )
        for other in request.spec.prefixes[:index]:
            if plain(prefix).startswith(plain(other)) or plain(other).startswith(plain(prefix)):
                yield Finding(
                    "prefix-repeated",
                    ("prefixes", index),
                    f"prefix '{prefix}' and '{other}' of this app overlap",
                    hint="keep the shorter one",
                )


def _shares(request: AppRequest, tenants: Tenants) -> Iterator[Finding]:
    for index, share in enumerate(request.spec.shares):
        path = ("shares", index)
        if not any(share.prefix.startswith(own) for own in request.spec.prefixes):
            yield Finding(
                "share-outside-prefix",
                (*path, "prefix"),
                f"'{share.prefix}' is not this app's to share",
                ", ".join(request.spec.prefixes),
            )
        if share.app == request.app:
            yield Finding("share-with-itself", (*path, "app"), "an app may use what it owns", hint="remove the share")
        elif share.app not in tenants.apps:
            yield Finding(
                "share-unknown-app",
                (*path, "app"),
                f"there is no app '{share.app}' on cluster '{request.kafka.cluster}'",
                ", ".join(sorted(tenants.apps - {request.app})[:20]),
            )


def _users(request: AppRequest) -> Iterator[Finding]:
    kafka = kafka_spec(request.kafka)
    for key, user in request.spec.users.items():
        path = ("users", key)
        if not user.acls and not user.roles:
            yield Finding(
                "user-without-acls",
                path,
                f"user '{key}' may do nothing",
                hint="give it roles or acls, or remove the user",
            )
        if user.quotas is not None and kafka.quotas.scope == "broker":
            yield Finding(
                "quota-ignored",
                (*path, "quotas"),
                f"cluster '{request.kafka.cluster}' limits brokers, and kafka would ignore a user's own limits",
                hint="remove the quotas, or ask for `quotas.scope: user` on the cluster",
            )


def check(request: AppRequest, tenants: Tenants) -> Iterator[Finding]:
    """Every law that an app breaks. `tenants` are all apps of its cluster, this one included."""
    spec = request.spec
    if not (spec.topics or spec.users or spec.shares or spec.subjects):
        yield Finding("empty-app", (), f"app '{request.app}' has neither topics nor users nor shares nor subjects")
    yield from _prefixes(request, tenants)
    yield from _shares(request, tenants)
    yield from topic_rules.check(request)
    yield from _users(request)
    yield from acl_rules.check(request, tenants)
    yield from credential_rules.check(request)
    yield from delivery_rules.check(request)
    yield from connector_rules.check(request)
    yield from subject_rules.check(request)


def check_cluster(kafka: ServiceRequest, tenants: Tenants) -> Iterator[Finding]:
    """What all apps together take from a cluster. Paths are relative to the cluster's `kafka` section."""
    spec = kafka_spec(kafka)
    most = throughput_of(spec.size).partitions
    if tenants.partitions > most:
        yield Finding(
            "too-many-partitions",
            ("size",),
            f"the apps of cluster '{kafka.cluster}' have {tenants.partitions} partitions; its size is for {most}",
            f"up to {most}",
            "take a larger size, or a `throughput` with more partitions",
        )
    if tenants.users > USERS_PER_CLUSTER:
        yield Finding(
            "too-many-users",
            (),
            f"the apps of cluster '{kafka.cluster}' have {tenants.users} users, generations counted; the operator "
            f"keeps up with {USERS_PER_CLUSTER}",
            f"up to {USERS_PER_CLUSTER}",
            "spread the apps over more clusters, or let clients come by OAuth (docs/apps.md)",
        )
