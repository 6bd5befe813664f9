"""The contract of a service, for packages outside of this repository (docs/decisions/0001, docs/extending.md).

Owns      the names under which another package imports the contract; it re-exports and defines nothing.
Refuses   Pulumi, which only `kafka_fleet.component` imports, and other services: what one knows of another arrives in
          its request.
"""

from components.config.table import check as check_config
from components.finding import Finding
from components.model import Cidr, CostCenter, Items, Name, Scalar, Spec, Version
from components.names import bounded, object_name
from components.services.access import Access, HttpAccess, KafkaAccess, KafkaWay, Peer, Reference
from components.services.contract import Load, LoadBalancer, Manifest, Place, Service, ServiceRequest
from components.services.images import PATTERN as IMAGE
from components.services.images import check as check_image
from components.services.images import pulled
from components.services.kafka_topic import kafka_topic
from components.services.kafka_user import Grant, kafka_user
from components.services.licences import Licence
from components.services.licences import check as check_licence
from components.services.telemetry import Alert, Dashboard, Record, Scrape, Telemetry
from components.services.workload import (
    KAFKA_CA,
    KAFKA_USER,
    TLS,
    Autoscaling,
    Destination,
    PodField,
    Probe,
    SecretKey,
    Workload,
    java_client,
    pods_of,
)
from components.services.workload_objects import manifests as workload_manifests
from components.services.workload_rules import check_pods

__all__ = [
    "IMAGE",
    "KAFKA_CA",
    "KAFKA_USER",
    "TLS",
    "Access",
    "Alert",
    "Autoscaling",
    "Cidr",
    "CostCenter",
    "Dashboard",
    "Destination",
    "Finding",
    "Grant",
    "HttpAccess",
    "Items",
    "KafkaAccess",
    "KafkaWay",
    "Licence",
    "Load",
    "LoadBalancer",
    "Manifest",
    "Name",
    "Peer",
    "Place",
    "PodField",
    "Probe",
    "Record",
    "Reference",
    "Scalar",
    "Scrape",
    "SecretKey",
    "Service",
    "ServiceRequest",
    "Spec",
    "Telemetry",
    "Version",
    "Workload",
    "bounded",
    "check_config",
    "check_image",
    "check_licence",
    "check_pods",
    "java_client",
    "kafka_topic",
    "kafka_user",
    "object_name",
    "pods_of",
    "pulled",
    "workload_manifests",
]
