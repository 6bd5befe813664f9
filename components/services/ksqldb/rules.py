"""The laws of a ksqlDB section that need more than one field, or the place that it stands on.

Owns      everything that would be refused by the server, or regretted later, said while the file is under review.
Refuses   ksqlDB's own settings as such: nobody publishes a table of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from components.config import table
from components.finding import Finding
from components.services import images, licences
from components.services.contract import Load, ServiceRequest
from components.services.ksqldb.identity import ksqldb_spec
from components.services.ksqldb.settings import own_keys
from components.services.ksqldb.spec import KsqlDbSpec
from components.services.workload_rules import check_pods

FIRST_MAJOR = 8
"""Earlier releases have another login module and another logging library than the start script expects."""

_CLIENTS = {
    "main.consumer.": "consumer",
    "restore.consumer.": "consumer",
    "global.consumer.": "consumer",
    "consumer.": "consumer",
    "producer.": "producer",
    "admin.": "admin",
    "topic.": "topic",
}
_UNPREFIXED = ("streams", "consumer", "producer", "admin")
_OURS = ("ssl.", "sasl.", "security.", "application.", "bootstrap.servers", "client.id", "group.id")
_RESERVED = ("_", "strimzi")


def _version(spec: KsqlDbSpec) -> Iterator[Finding]:
    if int(spec.version.partition(".")[0]) < FIRST_MAJOR:
        yield Finding(
            "ksqldb-version-unsupported",
            ("version",),
            f"release {spec.version} of Confluent Platform is started in another way",
            f"{FIRST_MAJOR}.0.0 or newer",
        )


def _streams(request: ServiceRequest, spec: KsqlDbSpec) -> Iterator[Finding]:
    ours = own_keys(request)
    for key, value in spec.streams.items():
        where = ("streams", key)
        if key.startswith("ksql."):
            right = key.removeprefix("ksql.streams.")
            yield Finding(
                "streams-prefix", where, f"'{key}' has ksqlDB's prefix, which is added to every key here", right
            )
            continue
        prefix = next((p for p in _CLIENTS if key.startswith(p)), "")
        bare = key.removeprefix(prefix)
        if f"ksql.streams.{key}" in ours or bare.startswith(_OURS):
            yield Finding(
                "ksqldb-sets-it", where, f"'{key}' follows from the section and the cluster", hint="remove it"
            )
            continue
        kinds = (_CLIENTS[prefix],) if prefix else _UNPREFIXED
        kind = next((k for k in kinds if bare in table.table(k)), kinds[0])
        for finding in table.check({bare: value}, kind, request.kafka.version, ()):
            yield replace(finding, path=where)


def _config(request: ServiceRequest, spec: KsqlDbSpec) -> Iterator[Finding]:
    ours = own_keys(request)
    for key in spec.config:
        where = ("config", key)
        if key.startswith("ksql.streams."):
            yield Finding(
                "streams-elsewhere",
                where,
                f"'{key}' is a setting of Kafka Streams, which can be judged",
                hint=f"move it to `streams` as `{key.removeprefix('ksql.streams.')}`",
            )
        elif key in ours or key.startswith(("ssl.", "sasl.", "security.", "ksql.server.command.", "ksql.queries.")):
            yield Finding(
                "ksqldb-sets-it", where, f"'{key}' follows from the section and the cluster", hint="remove it"
            )
        elif not key.startswith("ksql."):
            yield Finding(
                "not-ksqldb-config", where, f"'{key}' is no setting of ksqlDB", "keys that begin with `ksql.`"
            )


def _access(spec: KsqlDbSpec) -> Iterator[Finding]:
    if spec.mode.auth and not spec.mode.tls:
        yield Finding(
            "auth-needs-tls",
            ("mode", "auth"),
            "passwords for the REST API would cross the network in clear text",
            hint="state `mode.tls` too",
        )
    if spec.mode.open_to == "cell" and not (spec.mode.tls and spec.mode.auth) and not spec.mode.queries:
        yield Finding(
            "open-needs-auth",
            ("mode", "open_to"),
            "every pod of the cell could run SQL with ksqlDB's rights",
            "cluster",
            "state `tls` and `auth`, or leave it to the cluster",
        )
    for field in ("tls", "auth"):
        if spec.mode.queries and getattr(spec.mode, field):
            yield Finding(
                "headless-has-no-rest",
                ("mode", field),
                f"with `mode.queries` there is no REST API for `{field}` to guard",
                hint=f"remove `{field}`, or `queries`",
            )


def _topics(spec: KsqlDbSpec) -> Iterator[Finding]:
    listed: list[tuple[tuple[str | int, ...], str]] = [
        ((field, i), p) for field in ("reads", "writes") for i, p in enumerate(getattr(spec, field))
    ]
    if spec.output_prefix:
        listed.append((("output_prefix",), spec.output_prefix))
    for where, prefix in listed:
        if prefix.startswith(_RESERVED):
            yield Finding(
                "reserved-prefix",
                where,
                f"topics that begin with '{prefix}' are Kafka's and the platform's own",
                "a prefix that does not begin with _ or strimzi",
            )


def _state(request: ServiceRequest, spec: KsqlDbSpec) -> Iterator[Finding]:
    if spec.standby_replicas >= spec.replicas > 0 and spec.standby_replicas:
        yield Finding(
            "too-many-standbys",
            ("standby_replicas",),
            f"{spec.standby_replicas} further copies need {spec.standby_replicas + 1} servers, and there are "
            f"{spec.replicas}",
            f"0 to {spec.replicas - 1}",
        )
    classes = request.place.storage_classes
    if spec.storage_class is not None and spec.storage_class not in classes:
        yield Finding(
            "unknown-storage-class",
            ("storage_class",),
            f"cell '{request.place.cell}' has no storage class '{spec.storage_class}'",
            ", ".join(classes),
        )


def check(request: ServiceRequest) -> Iterator[Finding]:
    """Every law that the section breaks. Paths are relative to it."""
    spec = ksqldb_spec(request)
    yield from licences.check(
        spec.licence, "confluent-community", "ksqlDB", ("licence",), offered=request.offered_as_a_service
    )
    yield from _version(spec)
    yield from images.check(spec.image, ("image",))
    yield from check_pods(request, spec.replicas, None)
    yield from _state(request, spec)
    yield from _access(spec)
    yield from _topics(spec)
    yield from _streams(request, spec)
    yield from _config(request, spec)


def loads(request: ServiceRequest) -> Sequence[Load]:
    """Nothing on the cell's Kafka nodes: its pods run on the system nodes."""
    del request
    return ()
