"""The configuration of a connector: what a file may say, and what is added so that it runs as the app's own user.

Owns      references to secrets, the Kafka clients' overrides, keys that are not the file's to set.
Refuses   values in place of secrets, and every other way to a value: workers are shared, and another config provider
          would read the worker's own files, or another app's Secret.
"""

import re
from collections.abc import Iterator, Mapping

from components.apps.connector_spec import Connector
from components.apps.contract import AppRequest
from components.apps.naming import secret_name, user_name
from components.apps.rotation import newest
from components.apps.spec import AppSpec
from components.model import Scalar
from components.services.kafka.listeners import bootstrap_service, ways
from components.services.kafka.place import kafka_spec

REFERENCE = re.compile(r"\$\{secret:([a-z0-9-]+):([A-Za-z0-9._-]+)\}")
"""A key of one of the file's secrets."""

OVERRIDE = re.compile(r"^(producer|consumer|admin)\.override\.(.+)$")

_OWN = re.compile(r"^(bootstrap\.servers|security\.protocol|sasl\..*|ssl\..*|group\.id|client\.dns\.lookup)$")
"""Settings of a Kafka client that decide where it goes and as whom."""

_OPERATORS = ("name", "connector.class", "tasks.max", "connector.plugin.version")
"""What the operator writes from fields of the object, and drops from its configuration without a word."""

_SECRET = re.compile(
    r"(passw(or)?d|passphrase|secret|credential|api[._-]?key|access[._-]?key|private[._-]?key|auth[._-]?token"
    r"|access[._-]?token|auth[._-]?user[._-]?info|jaas)",
    re.IGNORECASE,
)
_HARMLESS = re.compile(
    r"[._-](url|uri|endpoint|type|class|ms|enabled?|mode|topic|path|file|id|field|name)$", re.IGNORECASE
)
_URL_WITH_PASSWORD = re.compile(r"://[^/\s:@]*:[^/\s@$]+@|[?&;]password=[^&;$]", re.IGNORECASE)


def not_the_files(key: str) -> str:
    """Why a file may not set `key`; empty where it may."""
    if key in _OPERATORS:
        return "it is a field of the connector"
    override = OVERRIDE.match(key)
    if override and _OWN.match(override[2]):
        return "where its Kafka clients go, and as whom, follows from `user` and `group`"
    if key.endswith("sasl.jaas.config"):
        return "a JAAS module of a file's choice runs code in a worker that others share"
    return ""


def holds_secret(key: str, value: Scalar) -> bool:
    """Whether a secret stands in the file: under a key that looks like one, or inside an address."""
    if not isinstance(value, str) or not value:
        return False
    if _SECRET.search(key) and not _HARMLESS.search(key):
        return REFERENCE.fullmatch(value) is None
    return _URL_WITH_PASSWORD.search(value) is not None


def references(connector: Connector) -> Iterator[tuple[str, str]]:
    """The secrets that a configuration refers to: the key of the setting and the secret's name."""
    for key, value in connector.config.items():
        if isinstance(value, str):
            for match in REFERENCE.finditer(value):
                yield key, match[1]


def foreign_reference(value: Scalar) -> bool:
    """Whether a value has a reference that is not to one of the file's secrets."""
    return isinstance(value, str) and "${" in REFERENCE.sub("", value)


def bootstrap(request: AppRequest) -> str:
    """Where the connectors' clients find Kafka: the listener inside Kubernetes that takes passwords; else nothing."""
    kafka = request.kafka
    for way in ways(kafka_spec(kafka), kafka.place):
        if way.type == "internal" and way.authentication == "scram-sha-512":
            return f"{bootstrap_service(kafka.cluster, way)}.{kafka.namespace}.svc:{way.port}"
    return ""


def provider(request: AppRequest) -> str:
    """What Connect's workers call the provider that reads Kubernetes' Secrets."""
    return str(request.connect.facts.get("secret_provider", "secrets")) if request.connect else "secrets"


def _clients(connector: Connector) -> tuple[str, ...]:
    """The Kafka clients that Connect makes for a connector and its tasks."""
    if connector.direction == "source":
        return ("admin", "producer")
    # A sink writes only what it could not use.
    return (
        ("admin", "consumer", "producer") if "errors.deadletterqueue.topic.name" in connector.config else ("consumer",)
    )


def _as_user(request: AppRequest, connector: Connector) -> dict[str, Scalar]:
    generation = newest(request.spec.users[connector.user], request.today) or ""
    secret = f"{request.kafka.namespace}/{user_name(request.app, connector.user, generation)}"
    client: dict[str, Scalar] = {
        "bootstrap.servers": bootstrap(request),
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "SCRAM-SHA-512",
        # The operator writes user and password into the Secret in this very form.
        "sasl.jaas.config": f"${{{provider(request)}:{secret}:sasl.jaas.config}}",
    }
    found = {f"{name}.override.{key}": value for name in _clients(connector) for key, value in client.items()}
    if connector.group is not None:
        found["consumer.override.group.id"] = connector.group
    return found


def complete(request: AppRequest, connector: Connector) -> Mapping[str, Scalar]:
    """The configuration as the KafkaConnector has it."""

    def resolved(value: Scalar) -> Scalar:
        if not isinstance(value, str):
            return value
        return REFERENCE.sub(
            lambda m: f"${{{provider(request)}:{request.kafka.namespace}/{secret_name(request.app, m[1])}:{m[2]}}}",
            value,
        )

    given = {key: resolved(value) for key, value in connector.config.items()}
    return dict(sorted({**given, **_as_user(request, connector)}.items()))


def secrets_of(spec: AppSpec, connector: Connector) -> set[str]:
    """Names of the file's secrets that a connector uses."""
    return {name for _, name in references(connector) if name in spec.secrets}
