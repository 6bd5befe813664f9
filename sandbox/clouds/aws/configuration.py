"""The provider's own configuration: for whom it works.

Owns      the scope, the refusals of a configuration, and the functions that AWS's programs ask.
Refuses   credentials: the sandbox's caller is the role that the configuration takes on, of whatever account, or else
          somebody of the single account that it allows. Whether a role may be taken on is not asked.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.clouds.aws import ids, offers
from sandbox.contract import UNKNOWN, Properties, Refusal, Scope, World

CALLER = "kafka-fleet-sandbox"


_ROLE = r"arn:aws:iam::(\d{12}):role/[\w+=,.@/-]+"


def _role(config: Properties) -> Any:
    """The ARN of the last role that the provider takes on; None where it takes none."""
    roles = config.get("assumeRoles")
    last = roles[-1] if isinstance(roles, list) and roles else config.get("assumeRole")
    return last.get("roleArn") if isinstance(last, Mapping) else last if last is UNKNOWN else None


def scope(config: Properties) -> Scope:
    """Whom an instance works for: the account of the role that it takes on, or the one allowed, in its region."""
    allowed = config.get("allowedAccountIds")
    account = allowed[0] if isinstance(allowed, list) and allowed else ""
    taken = re.fullmatch(_ROLE, str(_role(config)))
    account = taken.group(1) if taken else account
    region = config.get("region")
    return Scope("aws", account if isinstance(account, str) else "", region if isinstance(region, str) else "")


def check_config(config: Properties) -> Iterable[Refusal]:
    """What the provider says when it is configured."""
    region = config.get("region")
    if region is None or region == "":
        yield _refuse("MissingRegion", "invalid AWS region: it is empty; set `region`", "region")
    elif region is not UNKNOWN and region not in offers.regions():
        yield _refuse(
            "InvalidRegion", f"invalid AWS region: '{region}'; there are {', '.join(offers.regions())}", "region"
        )
    allowed, forbidden = config.get("allowedAccountIds"), config.get("forbiddenAccountIds")
    role = _role(config)
    if role is UNKNOWN or allowed is UNKNOWN:
        return
    taken = re.fullmatch(_ROLE, str(role))
    if role is not None and taken is None:
        yield _refuse("ValidationError", f"cannot assume IAM role: '{role}' is not the ARN of a role", "assumeRoles")
        return
    if taken is not None:
        yield from _account_of_role(taken.group(1), allowed, forbidden)
        return
    if not isinstance(allowed, list) or len(allowed) != 1:
        message = (
            "the sandbox has no credentials to tell it the account: `allowedAccountIds` must name exactly one, "
            f"given {allowed!r}"
        )
        yield _refuse("AccountNotAllowed", message, "allowedAccountIds")
        return
    (account,) = allowed
    if account is not UNKNOWN and not re.fullmatch(r"\d{12}", str(account)):
        message = f"AWS account ID not allowed: '{account}' is not the id of an account (12 digits)"
        yield _refuse("AccountNotAllowed", message, "allowedAccountIds")
    if isinstance(forbidden, list) and account in forbidden:
        yield _refuse("AccountNotAllowed", f"AWS account ID not allowed: {account}", "forbiddenAccountIds")


def _account_of_role(account: str, allowed: Any, forbidden: Any) -> Iterable[Refusal]:
    if isinstance(allowed, list) and allowed and account not in allowed and UNKNOWN not in allowed:
        message = f"AWS account ID not allowed: {account}, the account of the role, is none of {', '.join(allowed)}"
        yield _refuse("AccountNotAllowed", message, "allowedAccountIds")
    if isinstance(forbidden, list) and account in forbidden:
        yield _refuse("AccountNotAllowed", f"AWS account ID not allowed: {account}", "forbiddenAccountIds")


def _refuse(code: str, message: str, key: str) -> Refusal:
    return Refusal("law", code, message, (key,))


def _caller(_arguments: Properties, at: Scope, _world: World) -> Properties:
    return {
        "accountId": at.account,
        "arn": f"arn:aws:iam::{at.account}:role/{CALLER}",
        "id": at.account,
        "userId": f"AROA{ids.letters(at.account, 17)}",
    }


def _region(_arguments: Properties, at: Scope, _world: World) -> Properties:
    return {"id": at.region, "name": at.region, "region": at.region, "endpoint": f"ec2.{at.region}.amazonaws.com"}


def _zones(_arguments: Properties, at: Scope, _world: World) -> Properties:
    return {"id": at.region, "names": list(offers.zones(at.region)), "state": "available"}


FUNCTIONS = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller,
    "aws:index/getRegion:getRegion": _region,
    "aws:index/getAvailabilityZones:getAvailabilityZones": _zones,
}
