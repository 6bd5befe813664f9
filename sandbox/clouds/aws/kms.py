"""KMS keys and their aliases.

Owns      key policies that can be parsed, lock nobody out and name principals that exist; waiting times of deletion.
Refuses   to encrypt: a key is an identity here.
"""

import re
from collections.abc import Iterable

from sandbox.clouds.aws import ids, laws
from sandbox.clouds.aws.base import botocore, model
from sandbox.clouds.aws.iam import ROLE
from sandbox.clouds.aws.laws import known, named, refuse, statements, writing
from sandbox.clouds.aws.normal import defaults, documents
from sandbox.contract import Refusal, Request, World

KEY = "aws:kms/key:Key"
ALIAS = "aws:kms/alias:Alias"

_CODE = "MalformedPolicyDocumentException"


@writing
def _locks_nobody_out(request: Request, _world: World) -> Iterable[Refusal]:
    text = request.inputs.get("policy")
    if not known(text) or request.inputs.get("bypassPolicyLockoutSafetyCheck") is True:
        return
    account = request.scope.account
    keepers = {f"arn:aws:iam::{account}:root", account, "*"}
    for one in statements(text):
        actions = one.get("Action") or []
        allowed = {actions} if isinstance(actions, str) else set(actions)
        if (
            one.get("Effect") == "Allow"
            and keepers & set(named(one, "AWS"))
            and {"kms:*", "kms:PutKeyPolicy"} & allowed
        ):
            return
    if statements(text):
        message = "the new key policy will not allow you to update the key policy in the future"
        yield refuse(_CODE, f"{message}: let {f'arn:aws:iam::{account}:root'} do kms:PutKeyPolicy", "policy")


@writing
def _principals_exist(request: Request, world: World) -> Iterable[Refusal]:
    for one in statements(request.inputs.get("policy")):
        for principal in named(one, "AWS"):
            role = re.fullmatch(r"arn:aws:iam::(\d{12}):role/(?:.*/)?([^/]+)", principal)
            if role and role[1] == request.scope.account and world.find(ROLE, role[2], request.scope) is None:
                yield refuse(_CODE, f"policy contains a statement with an invalid principal: {principal}", "policy")


@writing
def _times(request: Request, _world: World) -> Iterable[Refusal]:
    for key, least, most in (("deletionWindowInDays", 7, 30), ("rotationPeriodInDays", 90, 2560)):
        value = request.inputs.get(key)
        if isinstance(value, int) and not least <= value <= most:
            yield refuse("ValidationException", f"{key} is {value}: it must be between {least} and {most}", key)


@writing
def _alias_name(request: Request, _world: World) -> Iterable[Refusal]:
    name = request.inputs.get("name")
    if not known(name):
        return
    if not str(name).startswith("alias/"):
        yield refuse("ValidationException", f"alias name '{name}' must begin with 'alias/'", "name")
    elif str(name).startswith("alias/aws/"):
        yield refuse("NotAuthorizedException", f"alias name '{name}': 'alias/aws/' is kept for AWS's own keys", "name")


def _target_arn(request: Request, world: World, id_: str) -> dict[str, object]:
    target = world.find(KEY, str(request.inputs.get("targetKeyId")), request.scope)
    return {
        "arn": ids.arn(request.scope, "kms", id_),
        "targetKeyArn": target.outputs.get("arn") if target else "",
    }


TYPES = [
    model(
        KEY,
        botocore(
            "kms",
            "CreateKey",
            {
                "deletionWindowInDays": "",
                "enableKeyRotation": "",
                "isEnabled": "",
                "rotationPeriodInDays": "",
            },
        ),
        ids.uuid,
        computed=lambda request, _world, id_: {"arn": ids.arn(request.scope, "kms", f"key/{id_}"), "keyId": id_},
        immutable=("customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"),
        normalize=(
            documents("policy"),
            defaults(
                customerMasterKeySpec="SYMMETRIC_DEFAULT",
                enableKeyRotation=False,
                isEnabled=True,
                keyUsage="ENCRYPT_DECRYPT",
                multiRegion=False,
            ),
        ),
        laws_of=(
            laws.document("policy", principals=True, code=_CODE),
            _locks_nobody_out,
            _principals_exist,
            _times,
        ),
    ),
    model(
        ALIAS,
        botocore("kms", "CreateAlias", {"name": "AliasName", "namePrefix": ""}),
        lambda request, _world: str(request.inputs.get("name")),
        computed=_target_arn,
        immutable=("name", "namePrefix"),
        laws_of=(laws.exists("targetKeyId", KEY, "NotFoundException", "key"), _alias_name),
        unique=("name",),
        unique_in="region",
        tagged=False,
    ),
]
