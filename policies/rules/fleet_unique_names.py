"""No two stacks claim one name that exists once in a cloud."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import look
from policies.samples import bad, good, res

_NAMES = {
    "aws:s3/bucket:Bucket": "bucket",
    "azure-native:keyvault:Vault": "vaultName",
    "azure-native:storage:StorageAccount": "accountName",
    "gcp:storage/bucket:Bucket": "name",
}


def _judge(stacks: Mapping[str, Sequence[Resource]], _: Mapping[str, Scope]) -> Iterator[tuple[str, Verdict]]:
    first: dict[tuple[str, str], str] = {}
    for name, resources in stacks.items():
        for one in resources:
            claimed = look(one.props, _NAMES[one.type])
            if isinstance(claimed, str):
                owner = first.setdefault((one.type, claimed), name)
                if owner != name:
                    yield name, f"{_NAMES[one.type]} '{claimed}' is taken by {owner}, and exists once in that cloud"


def _account(cell: str, name: str) -> Resource:
    return replace(res("azure-native:storage:StorageAccount", {"accountName": name}), urn=f"cell.{cell}")


POLICY = Policy(
    name="fleet-unique-names",
    title="Names that exist once are claimed once",
    severity="high",
    remediation="Rename one of the cells.",
    framework="NIST SP 800-53 CM-8",
    types=tuple(_NAMES),
    judge_fleet=_judge,
    url="https://learn.microsoft.com/azure/storage/common/storage-account-overview#storage-account-name",
    samples=(
        good(_account("a", "kfa"), _account("b", "kfb")),
        bad(_account("a", "kfa"), _account("b", "kfa")),
    ),
)
