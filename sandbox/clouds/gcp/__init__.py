"""GCP as the sandbox plays it.

Owns      the entry record: every type that a cell creates, each with what judges it.
Refuses   functions: no component asks GCP anything while it is planned, and a question is told as unknown.

Not modelled: credentials and quota increases, Shared VPC, VPN, routes that are not of subnetworks, packets, nodes and
pods, log lines, the seven days of a deleted log bucket's name, drift of autoscaled pools, zones' shortages of machine
types. What is judged of networks and what is not: README.md.
"""

from sandbox.clouds.gcp import (
    addresses,
    apis,
    attachments,
    buckets,
    clusters,
    federation,
    firewalls,
    forwarding,
    hubs,
    iam,
    keys,
    logs,
    networks,
    node_pools,
    peerings,
    records,
    routers,
    spokes,
    zones,
)
from sandbox.clouds.gcp.configuration import check_config, scope
from sandbox.contract import CloudModel

_SERVICES = (
    addresses, apis, attachments, buckets, clusters, federation, firewalls, forwarding, hubs, iam, keys, logs,
    networks, node_pools, peerings, records, routers, spokes, zones,
)  # fmt: skip

MODEL = CloudModel(
    provider="gcp",
    sdk="pulumi_gcp",
    types={model.token: model for service in _SERVICES for model in service.TYPES},
    functions={},
    scope=scope,
    check_config=check_config,
)
