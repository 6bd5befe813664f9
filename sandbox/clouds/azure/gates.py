"""Network security groups.

Owns      laws of their rules: priorities, ports, ranges.
Refuses   the rules that Azure has by itself (65000 and up).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.clouds.azure import arm, quotas
from sandbox.clouds.azure.model import CREATE_ONLY, api, model
from sandbox.clouds.azure.network import ALLOWED, NAME, network
from sandbox.contract import Refusal, Request, World

_TAG = r"[A-Z][A-Za-z0-9]+(\.[A-Za-z0-9]+)?"
TAGS = frozenset(
    {
        *("apimanagement", "appconfiguration", "appservice", "appservicemanagement", "azureactivedirectory"),
        *("azurearcinfrastructure", "azurebackup", "azurebotservice", "azurecloud", "azurecontainerregistry"),
        *("azurecosmosdb", "azuredatabricks", "azuredatalake", "azuredevops", "azurefrontdoor", "azurekeyvault"),
        *("azureloadbalancer", "azuremonitor", "azureplatformdns", "azureplatformimds", "azureplatformlkm"),
        *("azureresourcemanager", "azuretrafficmanager", "batchnodemanagement", "datafactory", "eventgrid", "eventhub"),
        *("gatewaymanager", "grafana", "guestandhybridmanagement", "hdinsight", "internet", "loganalytics"),
        *("logicapps", "logicappsmanagement", "microsoftcontainerregistry", "microsoftdefenderforendpoint"),
        *("powerbi", "servicebus", "servicefabric", "sql", "sqlmanagement", "storage", "storagesyncservice"),
        *("azurecognitivesearch", "azureinformationprotection", "azureiothub", "azurespringcloud"),
        *("azureupdatedelivery", "azurewebpubsub", "chaosstudio", "cognitiveservicesfrontend"),
        *("cognitiveservicesmanagement", "datafactorymanagement", "dynamics365formarketingemail"),
        *("virtualdesktop", "virtualnetwork", "windowsadmincenter"),
    }
)
"""Service tags, in lower case; source: Azure documentation, 'Virtual network service tags' (general knowledge of it,
2026-11; a part of the list). A region may follow some of them (`Storage.WestEurope`)."""


def _port_ok(port: str) -> bool:
    if port == "*":
        return True
    match = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", port)
    if match is None:
        return False
    low, high = int(match[1]), int(match[2] or match[1])
    return low <= high <= 65535


def _range_ok(prefix: str) -> bool:
    return prefix == "*" or (_tagged(prefix) if prefix[:1].isalpha() else network(prefix) is not None)


def _tagged(prefix: str) -> bool:
    return re.fullmatch(_TAG, prefix) is not None and prefix.partition(".")[0].lower() in TAGS


def _rules(request: Request, _world: World) -> Iterator[Refusal]:
    rules = arm.items(request.inputs, "securityRules")
    most = quotas.most("rules of a network security group")
    if len(rules) > most:
        yield arm.refuse("SecurityRuleCountLimitReached", f"{len(rules)} rules: the limit is {most}", "securityRules")
    names: set[str] = set()
    taken: dict[tuple[str, int], str] = {}
    for index, rule in enumerate(rules):
        name, direction, priority = arm.text(rule, "name"), arm.text(rule, "direction"), arm.known(rule, "priority")
        if name.lower() in names:
            yield arm.refuse("DuplicateResourceName", f"two rules are named '{name}'", "securityRules", index, "name")
        names.add(name.lower())
        if isinstance(priority, int | float):
            if not 100 <= priority <= 4096:
                yield arm.refuse(
                    "SecurityRuleInvalidPriority",
                    f"Security rule has invalid Priority. Value provided: {priority:.0f} Allowed range 100-4096.",
                    "securityRules",
                    index,
                    "priority",
                )
            other = taken.setdefault((direction, int(priority)), name)
            if other != name:
                yield arm.refuse(
                    "SecurityRuleConflict",
                    f"Security rule {name} conflicts with rule {other}. Rules cannot have the same Priority and "
                    "Direction.",
                    "securityRules",
                    index,
                    "priority",
                )
        for end in ("source", "destination"):
            yield from _end(rule, index, end)
    ends = ("sourceAddressPrefixes", "destinationAddressPrefixes", "sourcePortRanges", "destinationPortRanges")
    listed = sum(len(arm.items(rule, key)) for rule in rules for key in ends)
    name = "address prefixes and ports of a network security group"
    if listed > quotas.most(name):
        yield arm.refuse(
            "SecurityRuleAddressPrefixesOrPortsCountLimitReached",
            f"the rules list {listed} ranges and ports in all: the limit is {quotas.most(name)}",
            "securityRules",
        )


def _end(rule: Mapping[str, Any], index: int, end: str) -> Iterator[Refusal]:
    where = ("securityRules", index)
    name = arm.text(rule, "name")
    for what, ok, code in (
        ("AddressPrefix", _range_ok, "SecurityRuleInvalidAddressPrefix"),
        ("PortRange", _port_ok, "SecurityRuleInvalidPortRange"),
    ):
        one, many = f"{end}{what}", f"{end}{what}es" if what.endswith("x") else f"{end}{what}s"
        given = arm.items(rule, many)
        single = rule.get(one)
        if single is not None and given:
            yield arm.refuse(
                "SecurityRuleParameterContainsBoth",
                f"Security rule {name} has both '{one}' and '{many}': give one of them",
                *where,
                one,
            )
        groups = rule.get(f"{end}ApplicationSecurityGroups") if what == "AddressPrefix" else None
        if single is None and many not in rule and not groups:
            yield arm.refuse(
                "SecurityRuleParameterNotSpecified",
                f"Security rule {name} has neither '{one}' nor '{many}'",
                *where,
                one,
            )
        for value in [single, *given]:
            if what == "AddressPrefix" and value in given and (value == "*" or _tagged(str(value))):
                yield arm.refuse(
                    "SecurityRuleParameterContainsUnsupportedValue",
                    f"Security rule parameter {many} for rule {name} cannot specify existing VIRTUALNETWORK, INTERNET, "
                    f"AZURELOADBALANCER, '*' or system tags. Unsupported value used: {value}. A tag stands alone, in "
                    f"'{one}'",
                    *where,
                    many,
                )
            if isinstance(value, str) and not ok(value):
                yield arm.refuse(code, f"Security rule has invalid {what}. Value provided: {value}", *where, one)


TYPES = (
    model(
        "network:NetworkSecurityGroup",
        "Microsoft.Network/networkSecurityGroups",
        api("network", "NetworkSecurityGroup"),
        name="networkSecurityGroupName",
        version="2024-05-01",
        laws=(
            arm.well_named("networkSecurityGroupName", NAME, ALLOWED),
            arm.said(_rules),
            arm.limited("network security groups"),
        ),
        immutable={"location": CREATE_ONLY},
        extra=lambda _request, _world, own: {"resourceGuid": arm.guid(own)},
        in_use="InUseNetworkSecurityGroupCannotBeDeleted",
    ),
)
