"""IAM's view of strangers: OIDC providers, and policies of one's own.

Owns      which issuers an account trusts, and the size and documents of managed policies.
Refuses   to check tokens and thumbprints: AWS checks well-known issuers by their own certificates.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.clouds.aws import ids, laws
from sandbox.clouds.aws.base import botocore, model, old
from sandbox.clouds.aws.iam import ATTACHMENT, ROLE
from sandbox.clouds.aws.laws import known, refuse, writing
from sandbox.clouds.aws.normal import defaults, documents
from sandbox.contract import Refusal, Request, World

PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
POLICY = "aws:iam/policy:Policy"

_MOST_CHARACTERS = 6144
"""Without white space; IAM user guide, 'IAM and STS character quotas'."""


def issuer(url: str) -> str:
    """How IAM names a provider: the URL without its scheme."""
    return url.removeprefix("https://").rstrip("/")


@writing
def _url(request: Request, _world: World) -> Iterable[Refusal]:
    url = request.inputs.get("url")
    if known(url) and not re.fullmatch(r"https://[a-z0-9.-]+(:443)?(/[^?#]*)?", str(url)):
        yield refuse(
            "ValidationError", f"the URL '{url}' of a provider must begin with https:// and name a host", "url"
        )
    audiences = request.inputs.get("clientIdLists")
    if known(audiences) and (not audiences or len(audiences) > 100):
        yield refuse("ValidationError", "a provider has 1 to 100 client ids", "clientIdLists")


@writing
def _small(request: Request, _world: World) -> Iterable[Refusal]:
    text = request.inputs.get("policy")
    if not isinstance(text, str):
        return
    try:
        size = len(json.dumps(json.loads(text), separators=(",", ":")))
    except ValueError:
        return  # another law says so
    if size > _MOST_CHARACTERS:
        yield refuse("LimitExceeded", f"cannot exceed quota for PolicySize: {_MOST_CHARACTERS}, it is {size}", "policy")


def _policy(_request: Request, _world: World, id_: str) -> dict[str, Any]:
    return {
        "arn": id_,
        "attachmentCount": 0,
        "policyId": f"ANPA{ids.letters(id_, 17)}",
    }


def _policy_arn(request: Request, _world: World) -> str:
    name = f"policy{request.inputs.get('path', '/')}{request.inputs.get('name')}"
    return ids.arn(request.scope, "iam", name, regional=False)


def _provider_arn(request: Request, _world: World) -> str:
    return ids.arn(request.scope, "iam", f"oidc-provider/{issuer(str(request.inputs.get('url')))}", regional=False)


def _sorted_audiences(inputs: dict[str, Any]) -> None:
    if isinstance(inputs.get("clientIdLists"), list):
        inputs["clientIdLists"] = sorted(inputs["clientIdLists"], key=str)


_DOCUMENT: Mapping[str, str] = dict.fromkeys((f"policy.{key}" for key in ("Id", "Statement", "Version")), "")

TYPES = [
    model(
        PROVIDER,
        botocore(
            "iam",
            "CreateOpenIDConnectProvider",
            {"url": "Url", "clientIdLists": "ClientIDList", "thumbprintLists": "ThumbprintList"},
        ),
        _provider_arn,
        computed=lambda request, _world, id_: {
            "arn": id_,
            "thumbprintLists": request.inputs.get("thumbprintLists") or old(request, "thumbprintLists") or ["0" * 40],
        },
        regional=False,
        immutable=("url",),
        normalize=(_sorted_audiences,),
        laws_of=(_url,),
        unique=("url",),
        unique_in="account",
    ),
    model(
        POLICY,
        botocore(
            "iam",
            "CreatePolicy",
            {
                "name": "PolicyName",
                "namePrefix": "",
                "policy": "PolicyDocument",
                "delayAfterPolicyCreationInMs": "",
                **_DOCUMENT,
            },
        ),
        _policy_arn,
        computed=_policy,
        regional=False,
        immutable=("description", "name", "namePrefix", "path"),
        normalize=(documents("policy"), defaults(path="/")),
        laws_of=(
            laws.document("policy", principals=False),
            _small,
            laws.used_by("DeleteConflict", (ATTACHMENT, "policyArn"), (ROLE, "permissionsBoundary")),
        ),
        unique=("name",),
        unique_in="account",
    ),
]
