"""The KafkaConnect object: what the workers run, as whom, and with which settings.

Owns      worker configuration with its defaults, the image or the build, and the names that others know the workers by.
Refuses   ownership as labels: a label here reaches the pods, and a changed one rolls every worker.
Identity  group and topics are the workers' memory: under other names they start without connectors and offsets.
"""

from collections.abc import Sequence
from typing import Any

from components.model import Scalar
from components.services import strimzi_workers
from components.services.connect.spec import Artifact, Build, ConnectSpec
from components.services.contract import ServiceRequest
from components.services.images import pulled
from components.services.strimzi_workers import Workers

SECRET_PROVIDER = "secrets"  # noqa: S105 - the name of a config provider
"""How connectors write a reference: `${secrets:<namespace>/<secret>:<key>}`."""

METRICS = (
    "kafka_connect_connect_worker_metrics.*",
    "kafka_connect_connect_worker_rebalance_metrics.*",
    "kafka_connect_connector_metrics.*",
    "kafka_connect_connector_task_metrics.*",
    "kafka_connect_sink_task_metrics.*",
    "kafka_connect_source_task_metrics.*",
    "kafka_connect_task_error_metrics.*",
    "kafka_consumer_consumer_fetch_manager_metrics_records_lag.*",
)


def connect_spec(request: ServiceRequest) -> ConnectSpec:
    """The request's section, known to be Connect's."""
    return request.section(ConnectSpec)


def workers_of(request: ServiceRequest) -> Workers:
    """The workers of a request."""
    spec = connect_spec(request)
    return Workers(
        name=f"{request.cluster}-connect",
        kind="KafkaConnect",
        replicas=spec.replicas,
        cpu=spec.cpu,
        memory_mib=spec.memory_mib,
        heap_mib=spec.heap_mib,
        log_levels=spec.log_levels,
    )


def version_of(request: ServiceRequest) -> str:
    """Kafka version of the workers: the section's, else the cluster's."""
    return connect_spec(request).version or request.kafka.version


def base_config(request: ServiceRequest) -> dict[str, Scalar]:
    """Worker configuration of a section that says nothing."""
    return {
        **strimzi_workers.storage(request.kafka),
        "config.providers": SECRET_PROVIDER,
        f"config.providers.{SECRET_PROVIDER}.class": "io.strimzi.kafka.KubernetesSecretConfigProvider",
        # A connector talks to Kafka as its app's user, on the listener for passwords: both are client overrides.
        "connector.client.config.override.policy": "All",
        "key.converter": "org.apache.kafka.connect.json.JsonConverter",
        "value.converter": "org.apache.kafka.connect.json.JsonConverter",
    }


def worker_config(request: ServiceRequest) -> dict[str, Scalar]:
    """The workers' configuration, the section's own values over the defaults."""
    return dict(sorted({**base_config(request), **connect_spec(request).config}.items()))


def _artifact(artifact: Artifact) -> dict[str, Any]:
    names = {"type": "type", "url": "url", "sha512sum": "sha512sum", "file_name": "fileName", "group": "group"}
    names |= {"artifact": "artifact", "version": "version", "repository": "repository"}
    return {theirs: value for ours, theirs in names.items() if (value := getattr(artifact, ours)) is not None}


def _build(build: Build) -> dict[str, Any]:
    memory = f"{build.memory_mib}Mi"
    output: dict[str, Any] = {"type": "docker", "image": build.image}
    if build.push_secret is not None:
        output["pushSecret"] = build.push_secret
    return {
        "output": output,
        "plugins": [
            {"name": plugin.name, "artifacts": [_artifact(artifact) for artifact in plugin.artifacts]}
            for plugin in build.plugins
        ],
        "resources": {"requests": {"cpu": "500m", "memory": memory}, "limits": {"memory": memory}},
    }


def kafka_connect(request: ServiceRequest) -> dict[str, Any]:
    """The KafkaConnect object of a request."""
    spec, workers = connect_spec(request), workers_of(request)
    topics = workers.topics
    body: dict[str, Any] = {
        **strimzi_workers.common(request, workers, METRICS),
        "version": version_of(request),
        "bootstrapServers": request.kafka.bootstrap,
        "groupId": workers.name,
        "configStorageTopic": topics["configs"],
        "offsetStorageTopic": topics["offsets"],
        "statusStorageTopic": topics["status"],
        "tls": strimzi_workers.trust(request.kafka.ca_secret),
        "authentication": strimzi_workers.certificate(workers.name),
        "config": worker_config(request),
    }
    plugins = spec.plugins
    if plugins.image is not None:
        body["image"] = pulled(plugins.image, request.place)
    if plugins.build is not None:
        body["build"] = _build(plugins.build)
        # Builders of images need root; the operator's `restricted` provider refuses a build that does not say so.
        body["template"]["buildPod"] = {"securityContext": {"seccompProfile": {"type": "RuntimeDefault"}}}
        body["template"]["buildContainer"] = {"securityContext": {"runAsUser": 0, "runAsNonRoot": False}}
    if plugins.pull_secret is not None:
        body["template"]["pod"]["imagePullSecrets"] = [{"name": plugins.pull_secret}]
    return {
        "apiVersion": strimzi_workers.API,
        "kind": "KafkaConnect",
        "metadata": {
            "name": workers.name,
            "namespace": request.namespace,
            "annotations": {
                **request.annotations,
                "strimzi.io/use-connector-resources": "true",
                "pulumi.com/waitFor": "condition=Ready",
                "pulumi.com/timeoutSeconds": str(workers.timeout_seconds + (1200 if "build" in body else 0)),
            },
        },
        "spec": body,
    }


def explain(request: ServiceRequest) -> Sequence[str]:
    """Why the workers have the version and heap that they have."""
    spec, workers = connect_spec(request), workers_of(request)
    whose = "as the section states" if spec.version else "that of the cluster's kafka"
    rule = "as the section states" if spec.heap_mib else f"{strimzi_workers.HEAP_SHARE:.0%} of {spec.memory_mib} MiB"
    return (f"version: {version_of(request)}, {whose}", f"heap: {workers.heap} MiB, {rule}")
