"""The laws of connectors: they run as a user of the app, with its rights, and no secret stands in the file.

Owns      users, groups and topics against the user's ACLs; keys and values of configurations as far as Connect and the
          fleet know them.
Refuses   a connector's own settings: which a plugin has is only known where the plugin is.
"""

from collections.abc import Iterator

from components.apps import connector_config
from components.apps.connector_spec import Connector
from components.apps.contract import AppRequest
from components.apps.roles import acls
from components.apps.user_spec import Operation, User
from components.config import table
from components.finding import Finding
from components.services.kafka.place import kafka_spec

Path = tuple[str | int, ...]


def _user(request: AppRequest, connector: Connector, path: Path) -> Iterator[Finding]:
    user = request.spec.users.get(connector.user)
    if user is None:
        yield Finding(
            "connector-user",
            (*path, "user"),
            f"this app has no user '{connector.user}'",
            ", ".join(sorted(request.spec.users)),
        )
        return
    if user.authentication != "scram-sha-512":
        yield Finding(
            "connector-user",
            (*path, "user"),
            f"user '{connector.user}' has {user.authentication}: a worker has a certificate of its own, so "
            "connectors come with passwords",
            "a user with scram-sha-512",
        )
    elif not connector_config.bootstrap(request):
        yield Finding(
            "connector-no-listener",
            (*path, "user"),
            f"cluster '{request.kafka.cluster}' has no internal listener with scram-sha-512, by which connectors come",
            hint="enable the listener 'scram' of the cluster",
        )
    yield from _rights(connector, user, path)


def _may(user: User, resource: str, name: str, operation: Operation) -> bool:
    return any(
        acl.resource == resource
        and {operation, "All"} & set(acl.operations)
        and (acl.name == name or (acl.match == "prefix" and name.startswith(acl.name or "")))
        for acl in acls(user)
    )


def _needs(connector: Connector, path: Path) -> Iterator[tuple[Path, str, str, Operation]]:
    """What a connector will do to Kafka, as far as its file says."""
    if connector.group is not None:
        yield (*path, "group"), "group", connector.group, "Read"
    topics = connector.config.get("topics")
    if connector.direction == "sink" and isinstance(topics, str):
        for topic in topics.split(","):
            if topic.strip():
                yield (*path, "config", "topics"), "topic", topic.strip(), "Read"
    letters = connector.config.get("errors.deadletterqueue.topic.name")
    if connector.direction == "sink" and isinstance(letters, str) and letters:
        yield (*path, "config", "errors.deadletterqueue.topic.name"), "topic", letters, "Write"


def _rights(connector: Connector, user: User, path: Path) -> Iterator[Finding]:
    for where, resource, name, operation in _needs(connector, path):
        if not _may(user, resource, name, operation):
            yield Finding(
                "connector-right",
                where,
                f"user '{connector.user}' may not {operation} the {resource} '{name}': the connector would fail",
                hint=f"add it to a role `{'produce' if operation == 'Write' else 'consume'}` of the user",
            )


def _group(connector: Connector, path: Path) -> Iterator[Finding]:
    if connector.direction == "sink" and connector.group is None:
        yield Finding(
            "connector-group",
            path,
            "a sink reads in a consumer group, and Connect's own name for it belongs to no app",
            hint="add `group:` with a name inside the app's prefixes",
        )
    elif connector.direction == "source" and connector.group is not None:
        yield Finding("connector-group", (*path, "group"), "a source has no consumer group", hint="remove it")


def _secrets(request: AppRequest, connector: Connector, path: Path) -> Iterator[Finding]:
    for key, value in connector.config.items():
        at = (*path, "config", key)
        if why := connector_config.not_the_files(key):
            yield Finding("connector-key", at, f"'{key}' cannot be set here: {why}", hint="remove it")
        elif connector_config.foreign_reference(value):
            yield Finding(
                "connector-reference",
                at,
                f"'{key}' refers to something that is no secret of this file",
                "${secret:<name>:<key>}",
                "name the secret under `secrets`",
            )
        elif connector_config.holds_secret(key, value):
            # The value itself is never repeated: messages end in logs and comments.
            yield Finding(
                "connector-secret",
                at,
                f"'{key}' looks like a secret, and secrets never stand in a file",
                "${secret:<name>:<key>}",
                "put it into the secret manager and name it under `secrets`; if it was real, change it there",
            )
    for key, name in connector_config.references(connector):
        if name not in request.spec.secrets:
            yield Finding(
                "connector-reference",
                (*path, "config", key),
                f"this file has no secret '{name}'",
                ", ".join(sorted(request.spec.secrets)),
            )


def _known(request: AppRequest, connector: Connector, path: Path) -> Iterator[Finding]:
    """What Connect itself and its Kafka clients know of the configuration; everything else is the plugin's."""
    config = {key: value for key, value in connector.config.items() if not connector_config.not_the_files(key)}
    version = kafka_spec(request.kafka).version
    yield from table.check(config, f"{connector.direction}_connector", version, (*path, "config"), open_ended=True)


def check(request: AppRequest) -> Iterator[Finding]:
    """Every law that the connectors of an app break."""
    if request.spec.connectors and request.connect is None:
        yield Finding(
            "connector-without-connect",
            ("connectors",),
            f"cluster '{request.kafka.cluster}' has no Connect",
            hint="ask its team for the service 'connect', or remove the connectors",
        )
    for key, connector in request.spec.connectors.items():
        path: Path = ("connectors", key)
        yield from _user(request, connector, path)
        yield from _group(connector, path)
        yield from _secrets(request, connector, path)
        yield from _known(request, connector, path)
    used = {name for one in request.spec.connectors.values() for _, name in connector_config.references(one)}
    for name in sorted(set(request.spec.secrets) - used):
        yield Finding("secret-unused", ("secrets", name), f"no connector uses the secret '{name}'", hint="remove it")
