"""Client properties, in the words of each client.

Owns      which properties a Java client, librdkafka and kcat need for a credential; where a secret stands in them.
Refuses   files: the texts are made here and written by who is asked to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from stacks.connect.idle import most_idle_ms
from stacks.connect.target import Target

MECHANISM = "SCRAM-SHA-512"
MOUNT = "/etc/kafka"
"""Where the texts for a declared cluster suppose the Secrets to be, each in a folder of its name."""

_MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule"


class Client(StrEnum):
    """Who reads the properties."""

    java = "java"
    librdkafka = "librdkafka"
    kcat = "kcat"


FILES: Mapping[Client, str] = {
    Client.java: "java.properties",
    Client.librdkafka: "librdkafka.properties",
    Client.kcat: "kcat.conf",
}


@dataclass(frozen=True)
class Handover:
    """What is written for a client: `files` by name, `main` the one that it is given, `copies` files of the Secrets.

    copies  name -> (Secret, key)
    """

    main: str
    files: Mapping[str, str]
    copies: Mapping[str, tuple[str, str]]


def _lines(values: Mapping[str, str]) -> str:
    return "".join(f"{key}={value}\n" for key, value in values.items())


REGISTRY = "registry.properties"
"""The file with what confluent_kafka's SchemaRegistryClient is given: librdkafka refuses a key that is not its own."""


def local(target: Target, client: Client, bootstrap: str, folder: str, password: str, registry: str = "") -> Handover:
    """Properties for a broker on this machine; every path is below `folder`. `password` is empty with certificates.

    registry  address of the cluster's schema registry on this machine, where one runs
    """
    scram = target.authentication == "scram-sha-512"
    copies = {"ca.crt": (target.ca_secret, "ca.crt")}
    if not scram:
        copies |= {"user.crt": (target.user, "user.crt"), "user.key": (target.user, "user.key")}
    values = {"bootstrap.servers": bootstrap, "security.protocol": "SASL_SSL" if scram else "SSL"}
    if client is Client.java:
        values |= {"ssl.truststore.type": "PEM", "ssl.truststore.location": f"{folder}/ca.crt"}
        if scram:
            values |= {"sasl.mechanism": MECHANISM, "sasl.jaas.config": _jaas(target.user, password)}
        else:
            values |= {"ssl.keystore.type": "PEM", "ssl.keystore.location": f"{folder}/user.pem"}
        if registry:
            values["schema.registry.url"] = registry
    else:
        values["ssl.ca.location"] = f"{folder}/ca.crt"
        if scram:
            values |= {"sasl.mechanisms": MECHANISM, "sasl.username": target.user, "sasl.password": password}
        else:
            values |= {"ssl.certificate.location": f"{folder}/user.crt", "ssl.key.location": f"{folder}/user.key"}
    files = {FILES[client]: _lines(values)}
    if registry and client is Client.librdkafka:
        files[REGISTRY] = _lines({"url": registry})
    return Handover(FILES[client], files, copies)


def _idle(target: Target, client: Client) -> dict[str, str]:
    """What keeps a connection from being forgotten on the way. Java's clients keep sockets alive by themselves."""
    most = most_idle_ms(target.cloud, target.way)
    if most is None:
        return {}
    found = {"connections.max.idle.ms": str(most)}
    return found if client is Client.java else {**found, "socket.keepalive.enable": "true"}


def _jaas(user: str, password: str) -> str:
    return f'{_MODULE} required username="{user}" password="{password}";'


def declared(target: Target, client: Client) -> str:
    """Properties for a client of the declared cluster, with the Secrets named and nothing of them inline."""
    outside = target.way.type != "internal"
    there = "as files in" if outside else "mounted at"
    scram = target.authentication == "scram-sha-512"
    ca, user = f"{MOUNT}/{target.ca_secret}", f"{MOUNT}/{target.user}"
    values = {"bootstrap.servers": target.way.bootstrap, "security.protocol": "SASL_SSL" if scram else "SSL"}
    wanted = [f"Secret {target.ca_secret} (key ca.crt), {there} {ca}"]
    if client is Client.java:
        values |= {"ssl.truststore.type": "PEM", "ssl.truststore.location": f"{ca}/ca.crt"}
        provider = "org.apache.kafka.common.config.provider.DirectoryConfigProvider"
        values |= {"config.providers": "directory", "config.providers.directory.class": provider}
        if scram:
            values |= {"sasl.mechanism": MECHANISM, "sasl.jaas.config": f"${{directory:{user}:sasl.jaas.config}}"}
        else:
            chain, key = f"${{directory:{user}:user.crt}}", f"${{directory:{user}:user.key}}"
            values |= {"ssl.keystore.type": "PEM", "ssl.keystore.certificate.chain": chain, "ssl.keystore.key": key}
    else:
        values["ssl.ca.location"] = f"{ca}/ca.crt"
        if scram:
            values |= {"sasl.mechanisms": MECHANISM, "sasl.username": target.user}
        else:
            values |= {"ssl.certificate.location": f"{user}/user.crt", "ssl.key.location": f"{user}/user.key"}
    if scram and client is not Client.java:
        wanted.append(f"Secret {target.user} (key password): the value of sasl.password")
    elif scram:
        wanted.append(f"Secret {target.user} (key sasl.jaas.config), {there} {user}")
    else:
        wanted.append(f"Secret {target.user} (keys user.crt, user.key), {there} {user}")
    who = "a client outside of the cell" if outside else "a pod in the cell"
    head = [f"# {target.user} on {target.cluster}, for {who}. In namespace {target.namespace}:"]
    values |= _idle(target, client)
    return "\n".join([*head, *(f"#   {line}" for line in wanted), _lines(values)])
