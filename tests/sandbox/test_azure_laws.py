"""Each law of Azure, green on a good cell and red where one thing is wrong, with its words."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.api.azure import schema
from sandbox.clouds.azure.facts import facts
from sandbox.contract import UNKNOWN, Record, Refusal, Request, Scope
from tests.sandbox import bootstrap_types
from tests.sandbox.azure_cases import twin
from tests.sandbox.azure_cases_aks import AKS
from tests.sandbox.azure_cases_joins import JOINS
from tests.sandbox.azure_cases_keys import KEYS
from tests.sandbox.azure_cases_network import NETWORK
from tests.sandbox.azure_good import Cell
from tests.sandbox.azure_world import MODEL, SCOPE, SUBSCRIPTION, TENANT, World, token

RED = (*NETWORK, *KEYS, *AKS, *JOINS)


@pytest.mark.parametrize(("case", "code", "text"), [c[1:] for c in RED], ids=[c[0] for c in RED])
def test_what_azure_refuses_is_refused_in_its_words(
    case: Callable[[Cell], list[Refusal]], code: str, text: str
) -> None:
    refusals = case(Cell())
    assert code in [one.code for one in refusals], refusals
    said = next(one for one in refusals if one.code == code and text in one.message)
    assert said.judge == "law"


@pytest.mark.parametrize("role", list(Cell().inputs))
def test_a_good_cell_is_refused_nothing(role: str) -> None:
    for operation in ("check", "create"):
        cell = Cell()
        if role == "answer":  # Without its first side, the second would say that it was cut off.
            cell.without("peering")
        assert cell.new(role, operation=operation) == []
    assert Cell().update(role) == []


@pytest.mark.parametrize("role", list(Cell().inputs))
def test_a_preview_is_not_refused_for_what_it_cannot_know(role: str) -> None:
    kind, inputs = Cell().inputs[role]
    world = World()
    for key in inputs:
        assert world.judge("check", kind, {**copy.deepcopy(inputs), key: UNKNOWN}) == [], key


def test_every_law_has_been_seen_red() -> None:
    """A law that nothing can make red is no law. Quotas and regions have tests of their own."""
    seen: set[tuple[str, str]] = set()

    class Watched(World):
        def judge(
            self, operation: str, type: str, inputs: Any, old: Record | None = None, scope: Scope = SCOPE
        ) -> list[Refusal]:
            model = MODEL.types[token(type)]
            request = Request(operation, "urn::it", token(type), scope, model.normalize(inputs), old)
            seen.update((type, law.__qualname__) for law in model.laws if list(law(request, self)))
            return []

    for _, case, _, _ in RED:
        case(Cell(Watched()))
    never = [
        (name, law.__qualname__)
        for name, model in ((t.removeprefix("azure-native:"), m) for t, m in MODEL.types.items())
        for law in model.laws
        if (name, law.__qualname__) not in seen
        and law.__name__ not in ("in_group", "in_region", "held")
        and token(name) not in bootstrap_types.AZURE
    ]
    left = [f"{name} {law}" for name, law in never if "limited" not in law and law != "_room"]
    assert not left, "\n".join(left)


def test_quotas_count_in_one_subscription_and_region(monkeypatch: pytest.MonkeyPatch) -> None:
    cell = Cell()
    monkeypatch.setitem(facts()["quotas"]["virtual networks"], "most", 3)
    kind, inputs = cell.inputs["network"]
    second = {**inputs, "virtualNetworkName": "second"}
    (refusal,) = cell.world.judge("create", kind, second)
    assert (refusal.code, refusal.message) == (
        "QuotaExceeded",
        f"subscription '{SUBSCRIPTION}' has 3 virtual networks in 'westeurope': the limit is 3",
    )
    assert cell.world.judge("create", kind, {**second, "location": "northeurope"}) == []


def test_a_virtual_network_takes_so_many_subnets(monkeypatch: pytest.MonkeyPatch) -> None:
    cell = Cell()
    monkeypatch.setitem(facts()["quotas"]["subnets of a virtual network"], "most", 1)
    second = (("subnetName", "nodes-2"), ("addressPrefix", "10.20.3.0/26"))
    (refusal,) = twin("subnet", *second)(cell)
    assert (refusal.code, refusal.message) == (
        "SubnetCountLimitReached",
        "virtual network 'vnet' has 1 subnets, which is the limit",
    )


def test_references_are_found_whatever_their_case() -> None:
    cell = Cell()
    assert (
        cell.new("subnet", ("natGateway.id", cell.id("nat").upper().replace("/SUBSCRIPTIONS", "/subscriptions"))) == []
    )


def test_a_nat_gateway_is_needed_on_the_subnet() -> None:
    cell = Cell()
    cell.world.records.remove(cell.made["subnet"])
    kind, inputs = cell.inputs["subnet"]
    cell.world.add(kind, {k: v for k, v in inputs.items() if k != "natGateway"})
    codes = [one.code for one in cell.new("cluster")]
    assert codes == ["NatGatewayNotAssociatedWithSubnet"]


def test_normal_forms_are_idempotent_and_know_azures_spelling() -> None:
    cell = Cell()
    for kind, inputs in cell.inputs.values():
        normalize = MODEL.types[token(kind)].normalize
        assert normalize(normalize(inputs)) == normalize(inputs)
    group = MODEL.types[token("resources:ResourceGroup")]
    assert group.normalize({"location": "West Europe"}) == {"location": "westeurope"}


def test_ids_are_those_of_resource_manager() -> None:
    cell = Cell()
    assert cell.id("subnet") == (
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet/subnets/nodes-1"
    )
    assert cell.id("pool").endswith("/Microsoft.ContainerService/managedClusters/cell/agentPools/kafka1")
    assert cell.id("uses key").startswith(f"{cell.id('vault')}/providers/Microsoft.Authorization/roleAssignments/")
    assert cell.id("group") == f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"


def test_computed_outputs_are_there_and_stay() -> None:
    one, other = Cell(), Cell()
    for role, record in one.made.items():
        assert record.outputs == other.made[role].outputs
    cluster = one.made["cluster"].outputs
    assert cluster["fqdn"] == ""
    assert cluster["privateFQDN"].endswith(".privatelink.westeurope.azmk8s.io")
    assert cluster["currentKubernetesVersion"] == "1.34.2"
    assert cluster["oidcIssuerProfile"]["issuerURL"].startswith("https://westeurope.oic.prod-aks.azure.com/")
    assert set(cluster["identity"]["userAssignedIdentities"]) == {one.id("control")}
    assert one.made["address"].outputs["ipAddress"].startswith("20.")


def test_the_kubeconfig_of_a_cluster_holds_no_credential() -> None:
    import base64

    cell = Cell()
    function = MODEL.functions["azure-native:containerservice:listManagedClusterUserCredentials"]
    arguments = {"resourceGroupName": "rg", "resourceName": "cell"}
    text = base64.b64decode(function(arguments, SCOPE, cell.world)["kubeconfigs"][0]["value"]).decode()
    assert "certificate-authority-data" in text
    assert "kubelogin" in text
    assert not [word for word in ("token:", "password", "client-key", "client-certificate") if word in text]
    with pytest.raises(LookupError, match="ResourceNotFound"):
        function({**arguments, "resourceName": "other"}, SCOPE, cell.world)


def test_names_that_are_unique_in_all_of_azure_are_said_to_be() -> None:
    wide = {t.removeprefix("azure-native:") for t, m in MODEL.types.items() if m.unique_in == "cloud"}
    assert wide == {"keyvault:Vault", "storage:StorageAccount"}


def test_immutable_properties_name_their_source() -> None:
    for model in MODEL.types.values():
        assert model.immutable
        assert all(len(source) > 20 for source in model.immutable.values()), model.token
    cluster = MODEL.types[token("containerservice:ManagedCluster")].immutable
    assert "replacement.go" in cluster["networkProfile.podCidr"]


@pytest.mark.parametrize(
    ("config", "codes"),
    [
        ({"subscriptionId": SUBSCRIPTION, "tenantId": TENANT}, []),
        ({"subscriptionId": UNKNOWN}, []),
        ({}, ["MissingSubscriptionId"]),
        ({"subscriptionId": "prod"}, ["InvalidSubscriptionId"]),
        ({"subscriptionId": SUBSCRIPTION, "tenantId": "contoso"}, ["InvalidSubscriptionId"]),
    ],
)
def test_a_provider_without_a_subscription_is_refused(config: dict[str, Any], codes: list[str]) -> None:
    assert [one.code for one in MODEL.check_config(config)] == codes
    if not codes and config["subscriptionId"] is not UNKNOWN:
        assert MODEL.scope({**config, "location": "West Europe"}) == Scope("azure", SUBSCRIPTION, "westeurope")


def test_every_type_has_a_model_of_azures_own() -> None:
    for model in MODEL.types.values():
        if model.token == token("authorization:ManagementLockByScope"):
            continue  # the package of its model is not installed here
        assert model.api is not None
        found = schema(model.api.service, model.api.shape)
        assert found["properties"]
        for renamed in model.api.rename.values():
            assert not renamed or renamed.split(".")[0] in found["properties"], (model.token, renamed)


def test_both_generations_of_models_are_read() -> None:
    new_kind = schema("azure.mgmt.network.models", "NetworkSecurityGroup")["$defs"]["SecurityRule"]
    assert new_kind["required"] == ["access", "direction", "priority", "protocol"]
    assert new_kind["properties"]["access"] == {"type": "string", "enum": ["Allow", "Deny"]}
    assert new_kind["properties"]["provisioningState"] == {"readOnly": True}
    old_kind = schema("azure.mgmt.authorization.v2022_04_01.models", "RoleAssignmentCreateParameters")
    assert old_kind["required"] == ["principalId", "roleDefinitionId"]
    assert "ServicePrincipal" in old_kind["properties"]["principalType"]["enum"]
    with pytest.raises(LookupError, match="has no model 'Nothing'"):
        schema("azure.mgmt.network.models", "Nothing")
