"""What an app's stack is built from.

Owns      the request of one app.
Refuses   Pulumi and clocks: objects and rules are pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from components.apps.spec import AppSpec
from components.services.access import HttpAccess
from components.services.contract import ServiceRequest


@dataclass(frozen=True)
class AppRequest:
    """One app on one cluster, ready to be built. Pure data: the same request gives the same objects.

    app         the file's stem; unique on the cluster
    production  whether the cluster is
    kafka       the request of the cluster's `kafka` service: what the rules know of the cluster
    annotations ownership and cost, for `metadata.annotations`
    today       the day in UTC: which generations of credentials exist follows from it
    connect, schema_registry  what these services of the cluster publish; None where it has none
    """

    app: str
    team: str
    production: bool
    spec: AppSpec
    kafka: ServiceRequest
    annotations: Mapping[str, str]
    today: date
    connect: HttpAccess | None = None
    schema_registry: HttpAccess | None = None

    @property
    def protected(self) -> bool:
        """Whether topics may not be deleted: in production, until the app is retired and its data given up."""
        return self.production and not self.spec.gives_up
