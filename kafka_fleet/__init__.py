"""The contract of a service, for packages outside of this repository (docs/decisions/0001).

Owns      the names under which another package imports the contract; it re-exports and defines nothing.
Refuses   Pulumi: a service's component imports `components.services.component` when it is built.
"""

from components.finding import Finding
from components.model import Cidr, CostCenter, Items, Name, Spec, Version
from components.services.contract import Load, Manifest, Place, Service, ServiceRequest

__all__ = [
    "Cidr",
    "CostCenter",
    "Finding",
    "Items",
    "Load",
    "Manifest",
    "Name",
    "Place",
    "Service",
    "ServiceRequest",
    "Spec",
    "Version",
]
