"""What a cluster says about itself, apart from its pools: names, login, API access, network profile.

Owns      the rules that need to know nothing of what exists.
Refuses   what exists: aks.py.
"""

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.clouds.azure import arm, pool_rules
from sandbox.clouds.azure.identity import GUID
from sandbox.clouds.azure.network import network
from sandbox.contract import Refusal, Request, World

PROFILE = ("networkProfile",)


def cluster(request: Request, _world: World) -> Iterator[Refusal]:
    """Names, version, login, keys and API access."""
    given = request.inputs
    if ("dnsPrefix" in given) == ("fqdnSubdomain" in given):
        yield arm.refuse("InvalidParameter", "exactly one of dnsPrefix and fqdnSubdomain must be given", "dnsPrefix")
    yield from arm.within(24, 2160, "securityProfile", "imageCleaner", "intervalHours")(request, _world)
    prefix = arm.text(given, "dnsPrefix")
    if prefix and not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9-]{0,52}[A-Za-z0-9])?", prefix):
        yield arm.refuse(
            "InvalidParameter",
            f"dnsPrefix '{prefix}' is invalid: 1 to 54 letters, digits and hyphens, a letter or digit at both ends",
            "dnsPrefix",
        )
    yield from pool_rules.version_known(arm.text(given, "kubernetesVersion"), "kubernetesVersion")
    if arm.known(given, "disableLocalAccounts") is True and not given.get("aadProfile"):
        yield arm.refuse(
            "BadRequest", "disableLocalAccounts needs Entra integration (aadProfile)", "disableLocalAccounts"
        )
    for index, group in enumerate(arm.items(given, "aadProfile", "adminGroupObjectIDs")):
        if not re.fullmatch(GUID, str(group)):
            yield arm.refuse(
                "InvalidParameter",
                f"adminGroupObjectIDs has '{group}', which is not the object id (a GUID) of a group",
                "aadProfile",
                "adminGroupObjectIDs",
                index,
            )
    workload = arm.known(given, "securityProfile", "workloadIdentity", "enabled") is True
    issuer = given.get("oidcIssuerProfile")
    if workload and arm.wholly_known(issuer) and arm.known(issuer, "enabled") is not True:
        yield arm.refuse(
            "OIDCIssuerNotEnabled", "workload identity needs oidcIssuerProfile.enabled", "oidcIssuerProfile"
        )
    yield from _kms(request)
    yield from _api_access(given)


def _kms(request: Request) -> Iterator[Refusal]:
    key = arm.text(request.inputs, "securityProfile", "azureKeyVaultKms", "keyId")
    if key and not re.fullmatch(r"https://[^/]+/keys/[^/]+/[0-9a-f]{32}", key):
        yield arm.refuse(
            "InvalidParameter",
            f"azureKeyVaultKms.keyId '{key}' must be the id of one version of a key: https://<vault>/keys/<key>/<version>",
            "securityProfile",
            "azureKeyVaultKms",
            "keyId",
        )


def _api_access(given: Mapping[str, Any]) -> Iterator[Refusal]:
    access = arm.known(given, "apiServerAccessProfile") or {}
    private, ranges = arm.known(access, "enablePrivateCluster"), arm.items(access, "authorizedIPRanges")
    if private is True and ranges:
        yield arm.refuse(
            "BadRequest",
            "Private cluster cannot be enabled with AuthorizedIPRanges.",
            "apiServerAccessProfile",
            "authorizedIPRanges",
        )
    if private is not True and "privateDNSZone" in access:
        yield arm.refuse(
            "InvalidParameter",
            "privateDNSZone goes only with enablePrivateCluster",
            "apiServerAccessProfile",
            "privateDNSZone",
        )
    if len(ranges) > 200:
        yield arm.refuse(
            "InvalidParameter", f"{len(ranges)} authorized ranges: the limit is 200", "apiServerAccessProfile"
        )
    for index, one in enumerate(ranges):
        if network(str(one)) is None:
            yield arm.refuse(
                "InvalidAuthorizedIPRanges",
                f"authorizedIPRanges has '{one}', which is not an IPv4 range or address",
                "apiServerAccessProfile",
                "authorizedIPRanges",
                index,
            )


def network_profile(request: Request, _world: World) -> Iterator[Refusal]:
    """Plugins that go together, and ranges that do not overlap."""
    given = arm.known(request.inputs, *PROFILE) or {}
    plugin, mode, plane, policy = (
        arm.text(given, key) for key in ("networkPlugin", "networkPluginMode", "networkDataplane", "networkPolicy")
    )
    if mode == "overlay" and plugin != "azure":
        yield arm.refuse(
            "InvalidParameter", f"networkPluginMode overlay needs networkPlugin azure, not '{plugin}'", *PROFILE
        )
    if plane == "cilium" and mode != "overlay":
        yield arm.refuse(
            "InvalidParameter", "networkDataplane cilium needs networkPluginMode overlay (or a pod subnet)", *PROFILE
        )
    if (policy == "cilium") != (plane == "cilium") and policy and plane:
        yield arm.refuse(
            "InvalidParameter",
            f"networkPolicy '{policy}' does not go with networkDataplane '{plane}'",
            *PROFILE,
            "networkPolicy",
        )
    services, pods = (network(arm.text(given, key)) for key in ("serviceCidr", "podCidr"))
    for key in ("serviceCidr", "podCidr"):
        if arm.text(given, key) and network(arm.text(given, key)) is None:
            yield arm.refuse("InvalidCIDRNotation", f"{key} '{arm.text(given, key)}' is no range", *PROFILE, key)
    if services is not None and pods is not None and services.overlaps(pods):
        yield arm.refuse(
            "PodCidrOverlapsServiceCidr", f"podCidr {pods} overlaps serviceCidr {services}", *PROFILE, "podCidr"
        )
    dns = arm.text(given, "dnsServiceIP")
    if dns and services is not None:
        try:
            inside = ipaddress.IPv4Address(dns) in services and ipaddress.IPv4Address(dns) > services[1]
        except ValueError:
            inside = False
        if not inside:
            yield arm.refuse(
                "InvalidDNSServiceIP",
                f"dnsServiceIP {dns} must be in serviceCidr {services} and not its first address",
                *PROFILE,
                "dnsServiceIP",
            )
