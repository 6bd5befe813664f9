"""What CI may do in Google Cloud, permission by permission.

Owns      for each service that cells use: what reads, what makes or changes, and what loses data.
Refuses   permissions that return content: objects, log entries, secrets, keys of accounts.
Source    cloud.google.com/iam/docs/permissions-reference, and what the provider calls for the resource types of
          components/clouds/gcp (general knowledge, 2026-11; no project was asked).
"""

from collections.abc import Iterable, Mapping

_COMPUTE = (
    "addresses", "backendServices", "firewalls", "forwardingRules", "globalAddresses", "healthChecks",
    "instanceGroupManagers", "instanceGroups", "networkEndpointGroups", "networks", "regionBackendServices",
    "regionHealthChecks", "routers", "routes", "serviceAttachments", "subnetworks",
)  # fmt: skip
_CHANGED = ("forwardingRules", "networks", "regionBackendServices", "routers", "serviceAttachments", "subnetworks")
_READ: Mapping[str, tuple[str, ...]] = {
    "cloudkms": ("cryptoKeyVersions.get", "cryptoKeys.get", "cryptoKeys.getIamPolicy", "cryptoKeys.list",
                 "keyRings.get", "keyRings.list"),
    "compute": (*(f"{kind}.{verb}" for kind in _COMPUTE for verb in ("get", "list")), "globalOperations.get",
                "projects.get", "regionOperations.get", "regions.get", "regions.list", "zones.get", "zones.list"),
    "container": ("clusters.get", "clusters.list", "operations.get", "operations.list"),
    "dns": ("changes.get", "managedZones.get", "managedZones.getIamPolicy", "managedZones.list", "projects.get",
            "resourceRecordSets.get", "resourceRecordSets.list"),
    "iam": ("roles.get", "serviceAccounts.get", "serviceAccounts.getIamPolicy", "serviceAccounts.list"),
    "logging": ("buckets.get", "exclusions.get", "sinks.get"),
    "networkconnectivity": ("groups.get", "hubs.get", "operations.get", "spokes.get"),
    "resourcemanager": ("projects.get", "projects.getIamPolicy"),
    "serviceusage": ("services.get", "services.list"),
}  # fmt: skip
_CHANGE: Mapping[str, tuple[str, ...]] = {
    "cloudkms": ("cryptoKeys.create", "cryptoKeys.setIamPolicy", "cryptoKeys.update", "keyRings.create"),
    "compute": (
        *(f"{kind}.{verb}" for kind in _CHANGED for verb in ("create", "update", "use")),
        "addresses.create", "addresses.use", "firewalls.create", "firewalls.update",
        "addresses.createInternal", "addresses.useInternal", "firewalls.delete", "forwardingRules.delete",
        "forwardingRules.pscCreate", "networks.addPeering", "networks.removePeering", "networks.updatePeering",
        "networks.updatePolicy", "regionBackendServices.delete", "routers.delete", "serviceAttachments.delete",
        "subnetworks.expandIpCidrRange", "subnetworks.setPrivateIpGoogleAccess",
    ),
    "container": ("clusters.create", "clusters.getCredentials", "clusters.update"),
    "dns": ("changes.create", "managedZones.create", "managedZones.setIamPolicy", "managedZones.update",
            "networks.bindPrivateDNSZone", "networks.targetWithPeeringZone", "resourceRecordSets.create",
            "resourceRecordSets.delete", "resourceRecordSets.update"),
    "iam": ("serviceAccounts.actAs", "serviceAccounts.create", "serviceAccounts.setIamPolicy",
            "serviceAccounts.update"),
    "logging": ("buckets.create", "buckets.update", "exclusions.create", "exclusions.update", "sinks.create",
                "sinks.update"),
    "networkconnectivity": ("groups.use", "hubs.create", "hubs.update", "spokes.create", "spokes.delete",
                            "spokes.update"),
    "serviceusage": ("services.enable",),
}  # fmt: skip
_LOSES_DATA: Mapping[str, tuple[str, ...]] = {
    "cloudkms": ("cryptoKeyVersions.destroy", "cryptoKeyVersions.update"),
    "compute": ("addresses.delete", "disks.delete", "networks.delete", "subnetworks.delete"),
    "container": ("clusters.delete",),
    "dns": ("managedZones.delete",),
    "iam": ("serviceAccounts.delete",),
    "logging": ("buckets.delete", "sinks.delete"),
    "networkconnectivity": ("hubs.delete",),
    "storage": ("buckets.delete",),
}
"""What only the destroy role may do."""


def _flat(found: Mapping[str, Iterable[str]]) -> frozenset[str]:
    return frozenset(f"{service}.{one}" for service, names in found.items() for one in names)


READ, CHANGE, LOSES_DATA = _flat(_READ), _flat(_CHANGE), _flat(_LOSES_DATA)

GRANTED = (
    "roles/container.admin", "roles/container.clusterViewer", "roles/container.defaultNodeServiceAccount",
    "roles/dns.peer", "roles/dns.reader", "roles/networkconnectivity.groupUser",
)  # fmt: skip
"""What the apply role may grant on a project, and nothing else: the roles that components/clouds/gcp grants."""
