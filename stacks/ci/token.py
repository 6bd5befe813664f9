"""Short-lived tokens by which a forge says who its job is.

Owns      asking GitHub for one, and taking the ones that GitLab put into the job's environment.
Refuses   to keep them longer than the command that they are for, and to pass on the right to ask for more.
Source    docs.github.com/actions (OpenID Connect: ACTIONS_ID_TOKEN_REQUEST_URL and _TOKEN),
          docs.gitlab.com/ci/secrets/id_token_authentication (`id_tokens`); a GitHub token lives minutes, a GitLab one
          as long as the job may.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import requests

from components.bootstrap import bootstraps
from components.bootstrap.contract import SignIn
from stacks.ci.error import CiError
from stacks.ci_spec import Login

URL, TOKEN = "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
ASKS = (URL, TOKEN)
_SECONDS = 20


def variable(cloud: str) -> str:
    """Where a GitLab job finds the token for a cloud."""
    return f"FLEET_TOKEN_{cloud.upper()}"


def audience(cloud: str, login: Login) -> str:
    """For whom a token for the cloud is; it holds for nobody else."""
    nowhere = Path()
    way = SignIn(login.account, login.region, login.tenant, login.number, "", "", nowhere, nowhere)
    return bootstraps()[cloud].audience(way)


def renews(environment: Mapping[str, str]) -> bool:
    """Whether a new token can be had at any time."""
    return bool(environment.get(URL))


def token(cloud: str, audience: str, environment: Mapping[str, str]) -> str:
    """A token for one cloud alone."""
    if given := environment.get(variable(cloud)):
        return given
    if not renews(environment):
        raise CiError(
            f"no token for {cloud}: this is no job of a forge, or it may not have one",
            f"GitHub: `permissions: id-token: write`; GitLab: `id_tokens: {variable(cloud)}`; by hand, sign in to the "
            "cloud yourself and run the command after `--`",
        )
    try:
        answer = requests.get(
            f"{environment[URL]}&audience={quote(audience, safe='')}",
            headers={"Authorization": f"bearer {environment.get(TOKEN, '')}", "Accept": "application/json"},
            timeout=_SECONDS,
        )
        answer.raise_for_status()
        value = answer.json()["value"]
    except (requests.RequestException, json.JSONDecodeError, KeyError) as error:
        # The error's text holds the address, which is half of a credential.
        raise CiError(f"the forge gave no token for {cloud} ({type(error).__name__})", "run the job again") from None
    if not isinstance(value, str) or not value:
        raise CiError(f"the forge gave an empty token for {cloud}", "run the job again")
    return value
