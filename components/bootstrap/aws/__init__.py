"""Amazon Web Services before the first cell.

Owns      the entry record, and how a job's token becomes the SDKs' credentials.
Refuses   keys: each engine process exchanges the token for a session of an hour by itself.
"""

from collections.abc import Mapping

from components.bootstrap.contract import Bootstrap, SignIn


def _audience(_sign_in: SignIn) -> str:
    return "sts.amazonaws.com"


def _environment(sign_in: SignIn) -> Mapping[str, str]:
    return {
        "AWS_REGION": sign_in.region,
        "AWS_ROLE_ARN": sign_in.who,
        "AWS_ROLE_SESSION_NAME": f"fleet-{sign_in.role}",
        "AWS_WEB_IDENTITY_TOKEN_FILE": str(sign_in.token),
    }


ENTRY = Bootstrap(
    name="aws",
    program="components.bootstrap.aws.program:AwsBootstrap",
    provider="components.bootstrap.aws.program:provider",
    needs=(),
    audience=_audience,
    environment=_environment,
)
