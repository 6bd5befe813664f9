"""Google Cloud before the first cell.

Owns      the entry record, and how a job's token becomes the SDKs' credentials.
Refuses   keys of service accounts: the token is exchanged for a session, which then acts as the account.
Source    google.aip.dev/auth/4117 (external account credentials).
"""

import json
from collections.abc import Mapping

from components.bootstrap.contract import Bootstrap, SignIn

POOL, PROVIDER = "kafka-fleet", "forge"


def pool(number: str) -> str:
    """Full name of the workload identity pool, with the project's number as Google wants it."""
    return f"projects/{number}/locations/global/workloadIdentityPools/{POOL}"


def _audience(sign_in: SignIn) -> str:
    return f"https://iam.googleapis.com/{pool(sign_in.number)}/providers/{PROVIDER}"


def _environment(sign_in: SignIn) -> Mapping[str, str]:
    file = sign_in.folder / "google.json"
    file.write_text(
        json.dumps(
            {
                "type": "external_account",
                "audience": f"//iam.googleapis.com/{pool(sign_in.number)}/providers/{PROVIDER}",
                "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
                "token_url": "https://sts.googleapis.com/v1/token",
                "service_account_impersonation_url": "https://iamcredentials.googleapis.com/v1/projects/-/"
                f"serviceAccounts/{sign_in.who}:generateAccessToken",
                "credential_source": {"file": str(sign_in.token)},
            },
            indent=2,
        ),
        "utf-8",
    )
    return {"CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE": str(file), "GOOGLE_APPLICATION_CREDENTIALS": str(file)}


ENTRY = Bootstrap(
    name="gcp",
    program="components.bootstrap.gcp.program:GcpBootstrap",
    provider="components.bootstrap.gcp.program:provider",
    needs=("number",),
    audience=_audience,
    environment=_environment,
)
