"""What a company needs before its first cell, made by the stock engine in the sandbox, cloud by cloud."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from components.bootstrap import bootstraps
from stacks.ci_spec import CiSettings
from tests.engine.fleet_copy import FleetCopy

REPOSITORY = ("--repository", "acme/kafka-fleet")
SAID = {
    "aws": ("--account", "111111111111", "--region", "eu-west-1"),
    "azure": (
        *("--account", "11111111-2222-4333-8444-555555555555", "--region", "westeurope"),
        *("--tenant", "99999999-2222-4333-8444-555555555555"),
    ),
    "gcp": ("--account", "acme-ci-000001", "--region", "europe-west1", "--number", "424242424242"),
}
CLOUDS = sorted(SAID)


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FleetCopy]:
    copy = FleetCopy(tmp_path_factory.mktemp("bootstrap"))
    copy.sandbox("start")
    try:
        yield copy
    finally:
        copy.sandbox("stop")


@pytest.fixture(scope="module")
def made(fleet: FleetCopy) -> dict[str, str]:
    """What the first run of each cloud said."""
    said = {}
    for cloud in CLOUDS:
        done = fleet.command("bootstrap", cloud, *SAID[cloud], *REPOSITORY, "--yes")
        assert done.returncode == 0, done.stdout + done.stderr
        said[cloud] = done.stdout
    return said


def resources(fleet: FleetCopy, cloud: str) -> list[dict[str, Any]]:
    """The stack's resources, from its state."""
    file = next((fleet.root / ".fleet/state" / f"bootstrap.{cloud}").rglob(f"bootstrap.{cloud}.json"))
    found: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))["checkpoint"]["latest"]["resources"]
    return [one for one in found if one.get("custom") and not one["type"].startswith("pulumi:")]


def of(fleet: FleetCopy, cloud: str, type: str) -> dict[str, dict[str, Any]]:
    """Outputs of the resources of one type, by name."""
    return {
        one["urn"].rpartition("::")[2]: one["outputs"] for one in resources(fleet, cloud) if one["type"].endswith(type)
    }


def sections(text: str) -> dict[str, Any]:
    """The YAML that a run prints for fleet.yaml."""
    found: dict[str, Any] = yaml.safe_load(text.partition("for fleet/fleet.yaml:")[2].partition("\nthen:")[0])
    return found


def test_every_cloud_has_one() -> None:
    from components import catalog

    assert set(bootstraps()) == set(catalog.clouds()) == set(CLOUDS)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_second_run_changes_nothing(fleet: FleetCopy, made: dict[str, str], cloud: str) -> None:
    done = fleet.command("bootstrap", cloud, *SAID[cloud], *REPOSITORY, "--yes")
    assert done.returncode == 0, done.stderr
    assert "nothing changes" in done.stdout


@pytest.mark.parametrize("cloud", CLOUDS)
def test_it_says_what_fleet_yaml_takes(fleet: FleetCopy, made: dict[str, str], cloud: str) -> None:
    from stacks.spec import State

    found = sections(made[cloud])
    assert State.model_validate(found["state"]).backend.partition(":")[0] in ("s3", "gs", "azblob")
    login = CiSettings.model_validate(found["ci"]).logins[cloud]
    assert login.preview and login.apply and login.preview != login.apply
    before = (fleet.root / "fleet/fleet.yaml").read_text("utf-8")
    try:
        (fleet.root / "fleet/fleet.yaml").write_text(
            f"{before.partition('state:')[0]}{yaml.safe_dump(found, sort_keys=False)}", "utf-8"
        )
        done = fleet.command("validate")
        assert done.returncode == 0, done.stdout + done.stderr
        assert fleet.command("ci", "init", "github").returncode == 0
        written = (fleet.root / ".github/workflows/fleet-apply.yml").read_text("utf-8")
        assert "id-token: write" in written
        if cloud == "aws":  # by fleet.yaml alone it is the one program that runs, as under the stock CLI
            text = (fleet.root / "fleet/fleet.yaml").read_text("utf-8")
            kept = text.replace(found["state"]["backend"], "file://.fleet/state")
            kept = kept.replace(found["state"]["secrets_provider"], "passphrase")
            (fleet.root / "fleet/fleet.yaml").write_text(kept, "utf-8")
            done = fleet.command("bootstrap", cloud, "--preview")
            assert "nothing changes" in done.stdout, done.stdout + done.stderr
    finally:
        (fleet.root / "fleet/fleet.yaml").write_text(before, "utf-8")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_holds_or_guards_the_state_is_protected(fleet: FleetCopy, made: dict[str, str], cloud: str) -> None:
    guarded = re.compile(
        r":(Bucket|BucketVersioning|BucketObjectLockConfiguration|BucketPolicy|BucketPublicAccessBlock|Key|CryptoKey|"
        r"KeyRing|StorageAccount|BlobContainer|BlobServiceProperties|Vault|ResourceGroup|ManagementLockByScope|Role|"
        r"OpenIdConnectProvider|WorkloadIdentityPool|WorkloadIdentityPoolProvider|Account|UserAssignedIdentity)$"
    )
    found = [one for one in resources(fleet, cloud) if guarded.search(one["type"])]
    assert len(found) >= 8
    assert [one["urn"] for one in found if not one.get("protect")] == []


def test_aws_keeps_old_versions_from_everybody(fleet: FleetCopy, made: dict[str, str]) -> None:
    policy = json.loads(of(fleet, "aws", ":BucketPolicy")["state-policy"]["policy"])
    denied = {one["Sid"]: one for one in policy["Statement"] if one["Effect"] == "Deny"}
    assert "s3:DeleteObjectVersion" in denied["OldVersionsStay"]["Action"]
    assert denied["OldVersionsStay"]["Principal"] == {"AWS": "*"}
    lock = of(fleet, "aws", ":BucketObjectLockConfiguration")["state-lock"]
    assert lock["rule"]["defaultRetention"] == {"days": 30, "mode": "GOVERNANCE"}
    assert all(key["enableKeyRotation"] for key in of(fleet, "aws", "kms/key:Key").values())


def actions(fleet: FleetCopy, role: str) -> tuple[set[str], set[str]]:
    """What an AWS role is allowed, and what its bound denies."""
    attached = of(fleet, "aws", ":RolePolicyAttachment")
    policies = {one["arn"]: json.loads(one["policy"]) for one in of(fleet, "aws", "iam/policy:Policy").values()}
    mine = [one["policyArn"] for name, one in attached.items() if name.startswith(f"{role}-")]
    allowed = {
        action
        for arn in mine
        for one in policies[arn]["Statement"]
        if one["Effect"] == "Allow"
        for action in ([one["Action"]] if isinstance(one["Action"], str) else one["Action"])
    }
    bound = policies.get(of(fleet, "aws", ":Role")[role].get("permissionsBoundary", ""), {"Statement": []})
    denied = {action for one in bound["Statement"] if one["Effect"] == "Deny" for action in one["Action"]}
    return allowed, denied


def test_aws_roles_are_lists_of_actions(fleet: FleetCopy, made: dict[str, str]) -> None:
    reads, _ = actions(fleet, "preview")
    changes, denied = actions(fleet, "apply")
    deletes, _ = actions(fleet, "destroy")
    assert not [one for one in reads | changes | deletes if "*" in one]
    verb = re.compile(r"[a-z0-9]+:(Describe|Get|List|Search)\w+")
    assert {one for one in reads if not verb.fullmatch(one)} == {"kms:Decrypt", "s3:PutObject"}
    assert not {"s3:GetObjectVersion", "ssm:GetParameter", "secretsmanager:GetSecretValue"} & (reads | changes)
    assert not changes & denied
    assert {"eks:DeleteCluster", "kms:ScheduleKeyDeletion", "ec2:DeleteVpc"} <= denied & deletes


def test_aws_trusts_exact_subjects(fleet: FleetCopy, made: dict[str, str]) -> None:
    for role, environment in (("preview", "fleet-preview"), ("apply", "fleet-apply")):
        trust = json.loads(of(fleet, "aws", ":Role")[role]["assumeRolePolicy"])
        (one,) = trust["Statement"]
        assert set(one["Condition"]) == {"StringEquals"}
        subjects = one["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"]
        assert all("*" not in subject and "@refs/heads/main" in subject for subject in subjects)
        assert f"repo:acme/kafka-fleet:environment:{environment}:" in subjects[0]
    assert len(subjects) == 1


def test_gcp_and_azure_let_apply_give_only_the_roles_of_cells(fleet: FleetCopy, made: dict[str, str]) -> None:
    grant = of(fleet, "gcp", "projects/iAMMember:IAMMember")["apply-grants"]
    assert "hasOnly" in grant["condition"]["expression"]
    assert "roles/owner" not in grant["condition"]["expression"]
    given = of(fleet, "azure", ":RoleAssignment")["apply-give"]
    assert given["conditionVersion"] == "2.0"
    assert "8e3af657-a8ff-443c-a75c-2fe8c4bcb635" not in given["condition"]  # Owner
    for role in of(fleet, "gcp", ":IAMCustomRole").values():
        assert not [one for one in role["permissions"] if one.endswith("setIamPolicy") and one.startswith("resource")]


def test_previews_lose_and_open_nothing(fleet: FleetCopy, made: dict[str, str]) -> None:
    found = of(fleet, "gcp", ":IAMCustomRole")["preview-role"]["permissions"]
    assert all(re.search(r"\.(get|list|getIamPolicy)$", one) for one in found)
    roles = of(fleet, "azure", ":RoleDefinition")
    assert all(one.endswith("/read") for one in roles["read-role"]["permissions"][0]["actions"])
    assert not any(one.endswith("/delete") for one in roles["read-state-role"]["permissions"][0]["dataActions"])
    assert not any("deleteBlobVersion" in json.dumps(role) for role in roles.values())


def test_the_state_moves_into_another_backend(fleet: FleetCopy, made: dict[str, str]) -> None:
    before = (fleet.root / "fleet/fleet.yaml").read_text("utf-8")
    move = ("bootstrap", "gcp", *SAID["gcp"], *REPOSITORY, "--move-from", "file://.fleet/state")
    fleet.edit("fleet/fleet.yaml", "file://.fleet/state", "file://.fleet/bucket")
    try:
        done = fleet.command(*move)
        assert done.returncode == 0, done.stderr
        assert "35 resources" in done.stdout
        done = fleet.command("bootstrap", "gcp", *SAID["gcp"], *REPOSITORY, "--yes")
        assert "nothing changes" in done.stdout, done.stdout + done.stderr
        again = fleet.command(*move)
        assert again.returncode == 1 and "already" in again.stderr
    finally:
        (fleet.root / "fleet/fleet.yaml").write_text(before, "utf-8")
    assert not list((fleet.root / ".fleet/work").rglob("*.state"))


def test_what_is_not_said_is_asked_for(fleet: FleetCopy) -> None:
    done = fleet.command("bootstrap", "gcp", "--account", "acme-ci-000001", "--region", "europe-west1", "--yes")
    assert done.returncode == 2
    assert "--number … --repository …" in done.stderr and "Traceback" not in done.stderr


def test_nobody_is_asked_without_a_terminal(fleet: FleetCopy, made: dict[str, str]) -> None:
    done = fleet.command("bootstrap", "aws", *SAID["aws"], *REPOSITORY, input="")
    assert done.returncode == 2
    assert "--yes" in done.stderr


def test_a_runner_has_a_place_in_a_cell(fleet: FleetCopy) -> None:
    done = fleet.command("bootstrap", "runner", "--cell", "nowhere", "--yes")
    assert done.returncode == 2 and "aws-use1-dev" in done.stderr
    done = fleet.command("bootstrap", "runner", "--cell", "lab", "--preview")
    assert done.returncode == 0, done.stdout + done.stderr
    for kind in ("Namespace", "ServiceAccount", "ResourceQuota", "LimitRange", "NetworkPolicy"):
        assert f":{kind}" in done.stdout
    assert "Role" not in done.stdout
