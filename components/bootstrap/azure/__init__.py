"""Azure before the first cell.

Owns      the entry record, and how a job's token becomes the SDKs' credentials.
Refuses   client secrets: the token is the proof of a federated credential.
"""

from collections.abc import Mapping

from components.bootstrap.contract import Bootstrap, SignIn


def _audience(_sign_in: SignIn) -> str:
    return "api://AzureADTokenExchange"


def _environment(sign_in: SignIn) -> Mapping[str, str]:
    token = str(sign_in.token)
    return {
        # kubelogin, the state's backend and the key vault ask the Azure SDK, which knows these names …
        "AAD_LOGIN_METHOD": "workloadidentity",
        "AZURE_AUTHORITY_HOST": "https://login.microsoftonline.com/",
        "AZURE_CLIENT_ID": sign_in.who,
        "AZURE_FEDERATED_TOKEN_FILE": token,
        "AZURE_TENANT_ID": sign_in.tenant,
        # … and the provider these.
        "ARM_CLIENT_ID": sign_in.who,
        "ARM_OIDC_TOKEN_FILE_PATH": token,
        "ARM_SUBSCRIPTION_ID": sign_in.account,
        "ARM_TENANT_ID": sign_in.tenant,
        "ARM_USE_OIDC": "true",
    }


ENTRY = Bootstrap(
    name="azure",
    program="components.bootstrap.azure.program:AzureBootstrap",
    provider="components.bootstrap.azure.program:provider",
    needs=("tenant",),
    audience=_audience,
    environment=_environment,
)
