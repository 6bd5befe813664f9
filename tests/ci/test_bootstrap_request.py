"""What a bootstrap is built from: what must be said, and whom its roles then trust."""

import pytest
from pydantic import ValidationError

from stacks.bootstrap.request import NotSaidError, asked
from stacks.ci.trust import trust
from stacks.ci_spec import CiSettings
from stacks.fleet import Fleet
from stacks.load import load
from tests.ci.pipelines import COMPANY
from tools.fleet_copy import REPOSITORY

AWS = {"account": "111111111111", "region": "eu-west-1", "repository": "acme/kafka-fleet"}


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    return load(REPOSITORY)


@pytest.mark.parametrize(
    ("cloud", "said", "word"),
    [
        ("nowhere", AWS, "aws, azure, gcp"),
        ("aws", {}, "--account … --region … --repository …"),
        ("aws", {**AWS, "repository": ""}, "--repository …"),
        ("gcp", AWS, "--number"),
        ("azure", AWS, "--tenant"),
    ],
)
def test_what_is_missing_is_named(fleet: Fleet, cloud: str, said: dict[str, str], word: str) -> None:
    with pytest.raises(NotSaidError) as told:
        asked(fleet, cloud, said)
    assert word in str(told.value)


@pytest.mark.parametrize("wrong", [{"account": "x y"}, {"region": "EU"}, {"repository": "no-slash"}])
def test_what_is_wrong_is_refused(fleet: Fleet, wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        asked(fleet, "aws", {**AWS, **wrong})


def test_its_shard_is_no_cells(fleet: Fleet) -> None:
    found = asked(fleet, "aws", AWS)
    assert found.stack.cell not in fleet.cells and "." in found.stack.cell
    assert found.ci.logins["aws"].account == AWS["account"]


def test_clouds_need_a_repository() -> None:
    with pytest.raises(ValidationError, match="needs `repository`"):
        CiSettings.model_validate({"clouds": {"aws": {"account": "111111111111", "region": "eu-west-1"}}})


def test_subjects_name_the_environment_and_the_file_of_the_protected_branch() -> None:
    found = trust(COMPANY)
    file = "acme/kafka-fleet/.github/workflows/fleet-apply.yml@refs/heads/main"
    assert found.apply == (f"repo:acme/kafka-fleet:environment:fleet-apply:job_workflow_ref:{file}",)
    assert not set(found.apply) & set(found.preview)
    assert not any("*" in one for one in (*found.apply, *found.preview))


def test_a_prefix_of_the_forge_is_taken_as_it_is() -> None:
    numbered = trust(COMPANY.model_copy(update={"subject": "repo:acme@1/kafka-fleet@2"}))
    assert numbered.apply[0].startswith("repo:acme@1/kafka-fleet@2:environment:")


def test_gitlabs_apply_is_the_protected_branch_alone() -> None:
    found = trust(COMPANY.model_copy(update={"forge": "gitlab"}))
    assert found.apply == ("project_path:acme/kafka-fleet:ref_type:branch:ref:main",)
