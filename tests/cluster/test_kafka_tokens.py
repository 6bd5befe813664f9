"""Tokens on a real Kafka: the listener that is rendered lets in whom it says, and nobody else.

The settings are those of the Kafka object and the broker pool; only TLS, which is the operator's, is left away, and the
certificate of the identity provider lies elsewhere than in a pod.
"""

import base64
import datetime
import http.server
import ipaddress
import json
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from components.services.kafka.objects import objects
from sandbox.kafka import java
from sandbox.kafka.process import Process, answers, free_port, tail
from tests.components.services.requests import request

VERSION = "4.3.1"
ISSUER = "https://login.example.com/"
AUDIENCE = "kafka-orders"


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Provider:
    """An identity provider: one key, published over HTTPS with a certificate of its own."""

    def __init__(self, folder: Path) -> None:
        self.key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        now = datetime.datetime.now(datetime.UTC)
        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(1)
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(hours=1))
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self.key, hashes.SHA256())
        )
        own = folder / "ca.crt", folder / "ca.key"
        own[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        own[1].write_bytes(
            self.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        keys = self._keys()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(keys)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*own)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"https://localhost:{self.server.server_address[1]}/keys"

    def _keys(self) -> bytes:
        public = self.key.public_key().public_numbers()
        n, e = (_b64(number.to_bytes((number.bit_length() + 7) // 8, "big")) for number in (public.n, public.e))
        return json.dumps({"keys": [{"kty": "RSA", "kid": "k", "use": "sig", "alg": "RS256", "n": n, "e": e}]}).encode()

    def token(self, **changed: Any) -> str:
        """A token of client `checkout`, with some claims changed."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": "x",
            "azp": "checkout",
            "iat": now,
            "exp": now + 300,
            **changed,
        }
        text = ".".join(_b64(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": "k"}, claims))
        return f"{text}.{_b64(self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


@dataclass(frozen=True)
class Broker:
    """A real broker with the rendered listener at `port`, and whose tokens it takes."""

    port: int
    provider: Provider


def _rendered(url: str, mounted: Path) -> tuple[dict[str, Any], list[str]]:
    """Settings of the listener and flags of the JVM, as the objects have them."""
    section = f"""
        listeners:
          tokens:
            type: internal
            port: 9097
            authentication: oauth
            oauth:
              issuer: {ISSUER}
              jwks_url: {url}
              audience: {AUDIENCE}
              username_claim: azp
              ca: {{secret: idp, key: ca.crt}}
    """
    bodies = {m.role: m.body for m in objects(request(section))}
    (listener,) = [x for x in bodies["kafka"]["spec"]["kafka"]["listeners"] if x["name"] == "tokens"]
    prefix = f"listener.name.{listener['name']}-{listener['port']}"
    settings = {f"{prefix}.{key}": value for key, value in listener["authentication"]["listenerConfig"].items()}
    (mount,) = bodies["broker-pool"]["spec"]["template"]["kafkaContainer"]["volumeMounts"]
    jaas = f"{prefix}.oauthbearer.sasl.jaas.config"
    settings[jaas] = settings[jaas].replace(mount["mountPath"], str(mounted))
    flags = bodies["broker-pool"]["spec"]["jvmOptions"]["javaSystemProperties"]
    return settings, [f"-D{flag['name']}={flag['value']}" for flag in flags]


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    folder = tmp_path_factory.mktemp("tokens")
    provider = Provider(folder)
    own, flags = _rendered(provider.url, folder)
    inside, controller, port = free_port(), free_port(), free_port()
    settings = {
        **own,
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@127.0.0.1:{controller}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "INSIDE",
        "listeners": f"INSIDE://127.0.0.1:{inside},CONTROLLER://127.0.0.1:{controller},TOKENS-9097://127.0.0.1:{port}",
        "listener.security.protocol.map": "INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT,TOKENS-9097:SASL_PLAINTEXT",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS;User:checkout",
        "log.dirs": folder / "data",
    }
    file = folder / "server.properties"
    file.write_text(java.properties(settings), "utf-8")
    assert java.format_storage(VERSION, "c2FuZGJveC10b2tlbnMta2FmZ", file, "") == ""
    command = java.command(VERSION, "kafka.Kafka", file)
    process, log = Process(folder / "broker.json"), folder / "broker.log"
    process.start([command[0], *flags, *command[1:]], log)
    try:
        deadline = time.monotonic() + 60
        while not answers(port):
            assert process.pid, java.reason(tail(log, 200))
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield Broker(port, provider)
    finally:
        process.stop()
        provider.server.shutdown()


class Client:
    """A client with one token, and what it was told about it."""

    def __init__(self, broker: Broker, token: str) -> None:
        asked = threading.Event()
        self.errors: list[int] = []

        def give(_config: str) -> tuple[str, float, str, dict[str, str]]:
            asked.set()
            return token, time.time() + 300, "checkout", {}

        settings: dict[str, Any] = {
            "bootstrap.servers": f"127.0.0.1:{broker.port}",
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanisms": "OAUTHBEARER",
            "oauth_cb": give,
            "error_cb": lambda error: self.errors.append(error.code()),
            "log_level": 0,
        }
        self.admin = AdminClient(settings)
        deadline = time.monotonic() + 20
        while not asked.is_set():  # the token is asked for while the client polls
            assert time.monotonic() < deadline
            self.admin.poll(0.1)

    def create(self, topic: str) -> None:
        """Create a topic; KafkaException where that is denied."""
        self.admin.create_topics([NewTopic(topic, 1, 1)])[topic].result(timeout=30)

    def is_refused(self) -> bool:
        """Whether the broker refuses the client itself, before it asks for anything."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and KafkaError._AUTHENTICATION not in self.errors:
            self.admin.poll(0.2)
        return KafkaError._AUTHENTICATION in self.errors


def test_a_right_token_is_its_client_s_name(broker: Broker) -> None:
    """`checkout` may create topics as a super user; another name in the very same claim may not."""
    Client(broker, broker.provider.token()).create("orders")
    with pytest.raises(KafkaException, match="TOPIC_AUTHORIZATION_FAILED"):
        Client(broker, broker.provider.token(azp="stranger")).create("others")


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "another-system"},
        {"iss": "https://login.example.org/"},
        {"exp": int(time.time()) - 600},
    ],
    ids=["audience", "issuer", "expired"],
)
def test_a_wrong_token_opens_nothing(broker: Broker, changed: dict[str, Any]) -> None:
    assert Client(broker, broker.provider.token(**changed)).is_refused()


def test_a_token_of_somebody_else_s_key_opens_nothing(broker: Broker, tmp_path: Path) -> None:
    forger = Provider(tmp_path)
    try:
        assert Client(broker, forger.token()).is_refused()
    finally:
        forger.server.shutdown()
