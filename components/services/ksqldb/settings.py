"""The files that a ksqlDB server starts from: its properties, the start script, JMX rules, logging, users.

Owns      every setting that the section does not hold, and the reasons for it.
Refuses   passwords: the script adds them from variables that Kubernetes fills from Secrets.
"""

from collections.abc import Mapping

from components.model import Scalar
from components.services.contract import ServiceRequest
from components.services.ksqldb import identity
from components.services.workload import KAFKA_CA, TLS, PodField, SecretKey, java_client

FOLDER = "/etc/fleet"
STATE = "/var/lib/ksqldb"
USERS = "/mnt/users"
REGISTRY_CA = "/mnt/schema-registry-ca"
REGISTRY_STORE = "/tmp/schema-registry.p12"  # noqa: S108 - a path in the container
REGISTRY_STORE_PASSWORD = "certificates"  # noqa: S105 - of public certificates; the format wants one

KAFKA_PREFIXES = ("ksql.streams.", "ksql.server.command.consumer.", "ksql.server.command.producer.")
"""Settings of Kafka clients. Without a prefix, `ssl.keystore.*` would be the REST API's certificate as well."""

SKIPPED = ("/info", "/lag", "/heartbeat")
"""Paths without a password: the kubelet's, and those by which servers tell each other what they lag behind."""

_START = """\
set -eu
umask 077
agent=$(ls /usr/share/java/cp-base-*/jmx_prometheus_javaagent-*.jar 2>/dev/null | head -n 1)
if [ -z "$agent" ]; then
  echo "this image has no JMX exporter (/usr/share/java/cp-base-*): metrics and probes need it" >&2
  exit 1
fi
cat {folder}/ksqldb.properties > /tmp/ksqldb.properties
add() {{ printf '%s=%s\\n' "$1" "$(printf '%s' "$2" | sed 's/\\\\/\\\\\\\\/g')" >> /tmp/ksqldb.properties; }}
for prefix in {prefixes}; do
  add "${{prefix}}ssl.keystore.password" "$KAFKA_KEY_STORE_PASSWORD"
  add "${{prefix}}ssl.truststore.password" "$KAFKA_TRUST_STORE_PASSWORD"
done
if [ -f {registry}/ca.crt ]; then
  rm -f {registry_store}
  keytool -importcert -noprompt -alias schema-registry -file {registry}/ca.crt \\
    -keystore {registry_store} -storetype PKCS12 -storepass {registry_password}
fi
if [ -n "${{ADVERTISED_LISTENER:-}}" ]; then
  add ksql.advertised.listener "$ADVERTISED_LISTENER"
fi
if [ -n "${{REST_STORE_PASSWORD:-}}" ]; then
  add ssl.keystore.password "$REST_STORE_PASSWORD"
  add ssl.truststore.password "$REST_STORE_PASSWORD"
fi
export KSQL_OPTS="-javaagent:$agent={port}:{folder}/jmx.yaml {options}"
exec ksql-server-start /tmp/ksqldb.properties
"""

_LOGGING = """\
Configuration:
  status: ERROR
  Appenders:
    Console:
      name: STDOUT
      target: SYSTEM_OUT
      PatternLayout:
        pattern: "[%d] %p %m (%c:%L)%n"
  Loggers:
    Root:
      level: INFO
      AppenderRef:
        - ref: STDOUT
"""

# Names of metrics follow from these patterns alone: without them the exporter's own would change with its version.
_JMX = """\
lowercaseOutputName: true
lowercaseOutputLabelNames: true
includeObjectNames:
  - "io.confluent.ksql.metrics:type=_confluent-ksql-engine-query-stats,*"
  - "kafka.streams:type=stream-metrics,*"
  - "kafka.consumer:type=consumer-fetch-manager-metrics,*"
rules:
  - pattern: 'io.confluent.ksql.metrics<type=_confluent-ksql-engine-query-stats, ksql_service_id=[^>]+><>([^:]+)'
    name: ksqldb_engine_$1
    type: GAUGE
  - pattern: 'kafka.streams<type=stream-metrics, client-id=([^>]+)><>(alive|failed)-stream-threads'
    name: ksqldb_streams_$2_threads
    type: GAUGE
    labels: {client: "$1"}
  - pattern: 'kafka.consumer<type=consumer-fetch-manager-metrics, client-id=([^,>]+)><>records-lag-max'
    name: ksqldb_consumer_records_lag_max
    type: GAUGE
    labels: {client: "$1"}
"""

_JAAS = """\
KsqlServer-Props {{
  org.eclipse.jetty.security.jaas.spi.PropertyFileLoginModule required
  file="{users}/users.properties"
  debug="false";
}};
"""


def own_keys(request: ServiceRequest) -> Mapping[str, Scalar]:
    """Every key that follows from the section, the cluster or its other services. A file may not set them again."""
    spec, kafka = identity.ksqldb_spec(request), request.kafka
    found: dict[str, Scalar] = {
        "ksql.service.id": identity.service_id(request),
        "bootstrap.servers": kafka.bootstrap,
        "ksql.internal.topic.replicas": kafka.replication,
        "ksql.internal.topic.min.insync.replicas": kafka.min_insync,
        "ksql.output.topic.name.prefix": identity.output_prefix(request),
        "ksql.streams.replication.factor": kafka.replication,
        "ksql.streams.num.standby.replicas": spec.standby_replicas,
        "ksql.streams.processing.guarantee": spec.processing_guarantee,
        "ksql.streams.state.dir": f"{STATE}/streams",
        # Confluent would otherwise be told about every cluster.
        "confluent.support.metrics.enable": False,
    }
    for prefix in KAFKA_PREFIXES:
        found |= {f"{prefix}{key}": value for key, value in _kafka_client(request).items()}
    if registry := request.http("schema_registry"):
        found["ksql.schema.registry.url"] = registry.url
        if registry.ca_secret:
            found |= {
                "ksql.schema.registry.ssl.truststore.location": REGISTRY_STORE,
                "ksql.schema.registry.ssl.truststore.type": "PKCS12",
                "ksql.schema.registry.ssl.truststore.password": REGISTRY_STORE_PASSWORD,
            }
    if connect := request.http("connect"):
        found["ksql.connect.url"] = connect.url
    return {**found, **(_headless() if spec.mode.queries else _rest(request))}


def _kafka_client(request: ServiceRequest) -> Mapping[str, Scalar]:
    # Not PEM: the REST API's `ssl.truststore.password` reaches these clients as well, and Kafka refuses a password
    # beside a PEM file.
    store = {"ssl.truststore.location": f"{KAFKA_CA}/ca.p12", "ssl.truststore.type": "PKCS12"}
    return {**java_client(identity.name(request))[0], **store}


def _headless() -> Mapping[str, Scalar]:
    return {"ksql.queries.file": f"{FOLDER}/queries.sql"}


def _rest(request: ServiceRequest) -> Mapping[str, Scalar]:
    spec = identity.ksqldb_spec(request)
    scheme = "https" if spec.mode.tls else "http"
    found: dict[str, Scalar] = {"listeners": f"{scheme}://0.0.0.0:{identity.PORT}"}
    if spec.standby_replicas:
        found |= {
            "ksql.heartbeat.enable": True,
            "ksql.lag.reporting.enable": True,
            "ksql.query.pull.enable.standby.reads": True,
        }
    if spec.mode.tls:
        found |= {
            "ssl.keystore.location": f"{TLS}/keystore.p12",
            "ssl.keystore.type": "PKCS12",
            "ssl.truststore.location": f"{TLS}/truststore.p12",
            "ssl.truststore.type": "PKCS12",
        }
    if spec.mode.auth:
        found |= {
            "authentication.method": "BASIC",
            "authentication.realm": "KsqlServer-Props",
            "authentication.roles": ",".join(spec.mode.auth.roles),
            "authentication.skip.paths": ",".join(SKIPPED),
        }
    return found


def text(value: Scalar) -> str:
    """A value as a properties file has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).replace("\\", "\\\\").replace("\n", "\\n")


def _properties(request: ServiceRequest) -> str:
    spec = identity.ksqldb_spec(request)
    streams = {f"ksql.streams.{key}": value for key, value in spec.streams.items()}
    # The service's own keys last: rules refuse files that set them, and nothing depends on that alone.
    together = {**streams, **spec.config, **own_keys(request)}
    return "".join(f"{key}={text(value)}\n" for key, value in sorted(together.items()))


def files(request: ServiceRequest) -> Mapping[str, str]:
    """Path in the container -> content."""
    spec = identity.ksqldb_spec(request)
    options = f"-Djava.security.auth.login.config={FOLDER}/jaas.conf" if spec.mode.auth else ""
    found = {
        f"{FOLDER}/ksqldb.properties": _properties(request),
        f"{FOLDER}/start.sh": _START.format(
            folder=FOLDER,
            prefixes=" ".join(KAFKA_PREFIXES),
            port=identity.METRICS_PORT,
            options=options,
            registry=REGISTRY_CA,
            registry_store=REGISTRY_STORE,
            registry_password=REGISTRY_STORE_PASSWORD,
        ),
        f"{FOLDER}/jmx.yaml": _JMX,
        f"{FOLDER}/log4j2.yaml": _LOGGING,
    }
    if spec.mode.queries:
        found[f"{FOLDER}/queries.sql"] = spec.mode.queries
    if spec.mode.auth:
        found[f"{FOLDER}/jaas.conf"] = _JAAS.format(users=USERS)
    return found


def environment(request: ServiceRequest) -> Mapping[str, str | SecretKey | PodField]:
    """Variables of the container, passwords by reference."""
    spec = identity.ksqldb_spec(request)
    heap = int(spec.size.memory_gib * 1024 * spec.size.heap_share)
    found: dict[str, str | SecretKey | PodField] = {
        "KAFKA_TRUST_STORE_PASSWORD": SecretKey(request.kafka.ca_secret, "ca.password"),
        "KAFKA_KEY_STORE_PASSWORD": java_client(identity.name(request))[1],
        "KSQL_HEAP_OPTS": f"-Xms{heap}m -Xmx{heap}m",
        "KSQL_LOG4J_OPTS": f"-Dlog4j2.configurationFile=file:{FOLDER}/log4j2.yaml",
        "LOG_DIR": "/tmp/logs",  # noqa: S108 - a path in the container
    }
    if not spec.mode.queries:
        # Servers ask each other for state that they don't hold, each by its own name.
        host = f"$(POD).{identity.name(request)}-pods.{request.namespace}.svc"
        found |= {
            "POD": PodField("metadata.name"),
            "ADVERTISED_LISTENER": f"{'https' if spec.mode.tls else 'http'}://{host}:{identity.PORT}",
        }
    if spec.mode.tls:
        found["REST_STORE_PASSWORD"] = SecretKey(spec.mode.tls.password_secret, spec.mode.tls.password_key)
    return found
