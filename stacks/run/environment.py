"""The environment of an engine process, from nothing: what it needs, and nothing else of this process's.

Owns      the allow-list of inherited variables and the engine's own switches.
Refuses   cloud credentials when a sandbox answers: a run against it can then reach no real account, whatever happens.
"""

import os
from collections.abc import Mapping

from stacks.run.home import engine_home
from stacks.run.settings import RunSettings

_ALWAYS = frozenset(
    {"PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR"}
    | {"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"}
)
_CREDENTIALS = {
    "aws": ("AWS_",),
    "gcp": ("GOOGLE_", "CLOUDSDK_"),
    "azure": ("AZURE_", "ARM_", "AAD_"),
    "vault": ("VAULT_",),
}
_OF_SANDBOX = frozenset({"PULUMI_EXPERIMENTAL", "PULUMI_SKIP_CHECKPOINTS"})
"""To write state once, at the end: a run that is lost with it has then paid for nothing. A third of a run's work."""
_BACKEND_NEEDS = {"s3": "aws", "gs": "gcp", "azblob": "azure"}
_SECRETS_NEED = {"awskms": "aws", "gcpkms": "gcp", "azurekeyvault": "azure", "hashivault": "vault"}


def engine_environment(settings: RunSettings, cell: str, inherited: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Environment of an engine process that works on one stack of `cell`."""
    environment = {name: value for name, value in inherited.items() if _passes(name, settings)}
    environment |= {
        "PULUMI_BACKEND_URL": settings.backend(cell),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DIY_BACKEND_NO_LEGACY_WARNING": "true",
        "PULUMI_HOME": str(engine_home(settings)),
        # Results are read from the event log, and its flag exists only with this switch.
        "PULUMI_DEBUG_COMMANDS": "true",
        # Colours and progress of the engine's own printing are never shown.
        "NO_COLOR": "1",
    }
    if settings.passphrase_file is not None:
        environment["PULUMI_CONFIG_PASSPHRASE_FILE"] = str(settings.passphrase_file)
    if settings.sandbox:
        environment["PULUMI_DEBUG_PROVIDERS"] = settings.sandbox
        environment["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] = "true"
    return environment


def _passes(name: str, settings: RunSettings) -> bool:
    if name in _ALWAYS or name.startswith(("LC_", "XDG_")):
        return True
    if settings.sandbox and name in _OF_SANDBOX:
        return True
    return any(name.startswith(_CREDENTIALS[kind]) for kind in _needed(settings))


def _needed(settings: RunSettings) -> set[str]:
    """Whose credentials an engine needs: for state and secrets always, for the clouds only where they are real."""
    needed = set() if settings.sandbox else {"aws", "gcp", "azure"}
    for scheme, kind in (
        (settings.state_root.partition(":")[0], _BACKEND_NEEDS),
        (settings.secrets_provider.partition(":")[0], _SECRETS_NEED),
    ):
        if scheme in kind:
            needed.add(kind[scheme])
    return needed


def exports(settings: RunSettings, cell: str) -> dict[str, str]:
    """What a shell needs so that the stock CLI, in the repository, works on the stacks of `cell`."""
    inherited = {"PATH": "", "HOME": ""}
    found = engine_environment(settings, cell, inherited)
    for name in (*inherited, "NO_COLOR", "PULUMI_DEBUG_COMMANDS", "PULUMI_HOME"):
        found.pop(name)
    path = os.environ.get("PATH", "")
    if str(settings.engine.parent) not in path.split(os.pathsep) and settings.engine.name == "pulumi":
        found["PATH"] = f"{settings.engine.parent}{os.pathsep}{path}"
    return found
