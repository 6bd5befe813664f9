"""Moto, the second witness: the good programs pass in both, and every difference is one that is written down."""

import os

import pytest

from sandbox.clouds.aws import MODEL
from sandbox.contract import Scope
from tools.moto_witness.asked import Asked, Said
from tools.moto_witness.cells import FORMS, cell
from tools.moto_witness.compare import CALLS, Line, good, replay, wrong
from tools.moto_witness.differences import BY_ACCIDENT, CELLS, GOOD, WRONG
from tools.moto_witness.moto_side import ACCOUNT, Moto
from tools.moto_witness.program import OURS
from tools.moto_witness.table import markdown

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def refused() -> list[Line]:
    return wrong()


def differing(lines: list[Line]) -> dict[str, tuple[str, str]]:
    return {line.what: (line.sandbox.word, line.moto.word) for line in lines if not line.agree}


def test_the_good_program_passes_both_but_for_what_moto_does_not_have() -> None:
    lines = good()
    assert {line.type for line in lines} >= set(CALLS) - {
        "aws:ec2/vpcEndpointConnectionAccepter:VpcEndpointConnectionAccepter",
        "aws:ec2transitgateway/vpcAttachmentAccepter:VpcAttachmentAccepter",
        "aws:eks/cluster:Cluster",
    }
    assert set(differing(lines)) == set(GOOD)


@pytest.mark.parametrize("form", FORMS)
def test_what_the_components_make_passes_both(form: str) -> None:
    with Moto(CALLS) as moto:
        lines = replay(cell(form), moto)
    assert len(lines) >= 13
    assert set(differing(lines)) <= set(CELLS)


def test_the_sandbox_refuses_every_wrong_request(refused: list[Line]) -> None:
    assert len(refused) >= 60
    assert [line.what for line in refused if line.sandbox.accepted] == []
    assert len({line.what for line in refused}) == len(refused)


def test_moto_refuses_what_the_sandbox_refuses_or_there_is_a_written_reason(refused: list[Line]) -> None:
    assert set(differing(refused)) == set(WRONG)
    assert set(BY_ACCIDENT) <= {line.what for line in refused if line.agree}


def test_where_both_refuse_they_mostly_use_the_vendors_word(refused: list[Line]) -> None:
    both = [line for line in refused if line.agree]
    same = [line for line in both if line.sandbox.code == line.moto.code]
    assert len(same) >= len(both) * 0.6, [(line.sandbox.code, line.moto.code) for line in both]


def test_what_is_translated_is_modelled() -> None:
    assert set(CALLS) <= set(MODEL.types)


def test_the_table_says_why_they_differ(refused: list[Line]) -> None:
    table = markdown(refused, WRONG)
    assert "NOT WRITTEN DOWN" not in table
    assert table.count("\n| ") == len(refused) + 1
    assert "by accident" in table
    odd = Line("an odd one", "aws:ec2/vpc:Vpc", Said(False, "InvalidVpc.Range"), Said(True))
    assert "NOT WRITTEN DOWN" in markdown([odd], WRONG)


def test_a_witness_without_such_a_call_agrees_with_nothing() -> None:
    unknown = Said(False, known=False)
    assert not Line("x", "t", Said(False, "InvalidVpc.Range"), unknown).agree
    assert not Line("x", "t", Said(True), unknown).agree


def test_moto_leaves_the_process_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ACCOUNT, "123456789012")
    with Moto(CALLS) as moto:
        made = moto.create(Asked("aws:ec2/vpc:Vpc", "v", {"cidrBlock": "10.0.0.0/16"}, OURS))
        elsewhere = Scope("aws", OURS.account, "eu-central-1")
        subnet = {"vpcId": "vpc-0123456789abcdef0", "cidrBlock": "10.0.0.0/24"}
        missing = moto.create(Asked("aws:ec2/subnet:Subnet", "s", subnet, elsewhere))
    assert made.accepted
    assert missing.code == "InvalidVpcID.NotFound"
    assert os.environ[ACCOUNT] == "123456789012"
