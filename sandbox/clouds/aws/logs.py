"""CloudWatch log groups.

Owns      retention times that exist, and keys whose policy lets CloudWatch Logs use them for this very group.
Refuses   log events.
"""

import fnmatch
from collections.abc import Iterable
from typing import Any

from sandbox.clouds.aws import ids, laws
from sandbox.clouds.aws.base import botocore, model
from sandbox.clouds.aws.kms import KEY
from sandbox.clouds.aws.laws import at_effect, known, named, refuse, statements, writing
from sandbox.clouds.aws.normal import defaults
from sandbox.contract import Refusal, Request, World

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"

RETENTION_DAYS = (
    *(0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""Source: CloudWatch Logs API reference, PutRetentionPolicy (0: the provider's word for never)."""


@writing
def _retention(request: Request, _world: World) -> Iterable[Refusal]:
    days = request.inputs.get("retentionInDays")
    if known(days) and days not in RETENTION_DAYS:
        message = f"retentionInDays is {days}: it must be one of {', '.join(map(str, RETENTION_DAYS))}"
        yield refuse("InvalidParameterException", message, "retentionInDays")


@at_effect
def _key_lets_logs_in(request: Request, world: World) -> Iterable[Refusal]:
    arn, name = request.inputs.get("kmsKeyId"), request.inputs.get("name")
    if not isinstance(arn, str) or not isinstance(name, str):
        return
    group = ids.arn(request.scope, "logs", f"log-group:{name}")
    for key in world.by_output("arn", arn, KEY):
        if not any(_lets_in(one, request.scope.region, group) for one in statements(key.outputs.get("policy"))):
            message = f"the specified KMS key '{arn}' does not exist or is not allowed to be used with '{group}'"
            yield refuse("InvalidParameterException", message, "kmsKeyId")


def _lets_in(statement: dict[str, Any], region: str, group: str) -> bool:
    services = {"logs.amazonaws.com", f"logs.{region}.amazonaws.com"}
    if statement.get("Effect") != "Allow" or not services & set(named(statement, "Service")):
        return False
    for operator, tests in (statement.get("Condition") or {}).items():
        wanted = tests.get("kms:EncryptionContext:aws:logs:arn")
        if wanted is None:
            continue
        patterns = [wanted] if isinstance(wanted, str) else wanted
        like = operator in ("ArnEquals", "ArnLike", "StringLike")
        if not any(fnmatch.fnmatchcase(group, p) if like else group == p for p in patterns):
            return False
    return True


@laws.deleting
def _deletion_protection(request: Request, _world: World) -> Iterable[Refusal]:
    if request.inputs.get("deletionProtectionEnabled") is True:
        name = request.inputs.get("name")
        yield refuse(
            "OperationAbortedException", f"log group '{name}' has deletion protection enabled: disable it first"
        )


TYPES = [
    model(
        LOG_GROUP,
        botocore(
            "logs",
            "CreateLogGroup",
            {"name": "logGroupName", "namePrefix": "", "retentionInDays": "", "skipDestroy": ""},
        ),
        lambda request, _world: str(request.inputs.get("name")),
        computed=lambda request, _world, id_: {"arn": ids.arn(request.scope, "logs", f"log-group:{id_}")},
        immutable=("name", "namePrefix", "logGroupClass"),
        normalize=(defaults(logGroupClass="STANDARD", retentionInDays=0, skipDestroy=False),),
        laws_of=(
            laws.arn_exists("kmsKeyId", KEY, "InvalidParameterException", "KMS key"),
            _retention,
            _key_lets_logs_in,
            _deletion_protection,
        ),
        unique=("name",),
        unique_in="region",
    ),
]
