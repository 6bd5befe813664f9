"""What an app's stack is built from.

Owns      the request of one app.
Refuses   Pulumi: objects and rules are pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from components.apps.spec import AppSpec
from components.services.contract import ServiceRequest


@dataclass(frozen=True)
class AppRequest:
    """One app on one cluster, ready to be built. Pure data: the same request gives the same objects.

    app         the file's stem; unique on the cluster
    production  whether the cluster is
    kafka       the request of the cluster's `kafka` service: what the rules know of the cluster
    annotations ownership and cost, for `metadata.annotations`
    """

    app: str
    team: str
    production: bool
    spec: AppSpec
    kafka: ServiceRequest
    annotations: Mapping[str, str]
