"""The configuration of GCP's provider.

Owns      whom a provider instance works for, itself or as another, and what is missing or wrong in its configuration.
Refuses   credentials: the sandbox asks nobody who they are.
"""

import re
from collections.abc import Iterator

from sandbox.contract import UNKNOWN, Properties, Refusal, Scope

PROJECT = r"[a-z][a-z0-9-]{4,28}[a-z0-9]"
ACCOUNT = rf"[a-z][-a-z0-9]{{4,28}}[a-z0-9]@{PROJECT}\.iam\.gserviceaccount\.com"
REGION = r"[a-z]+-[a-z]+[0-9]{1,2}"


def scope(config: Properties) -> Scope:
    """Project and region of an instance."""
    project, region = config.get("project"), config.get("region")
    return Scope("gcp", project if isinstance(project, str) else "", region if isinstance(region, str) else "")


def check_config(config: Properties) -> Iterator[Refusal]:
    """Project and region are said and have the right form; a zone is one of the region."""
    wanted = (("project", PROJECT, "6 to 30 of [a-z0-9-] from a letter"), ("region", REGION, "such as 'europe-west1'"))
    for name, pattern, form in wanted:
        found = config.get(name)
        if found is UNKNOWN:
            continue
        if not isinstance(found, str) or not found:
            message = f"gcp: '{name}' is not set: the provider would take it from the environment of whoever runs it"
            yield Refusal("law", "missing-configuration", message, (name,))
        elif not re.fullmatch(pattern, found):
            yield Refusal("law", "invalid-configuration", f"gcp: {name} '{found}' must be {form}", (name,))
    account = config.get("impersonateServiceAccount")
    if isinstance(account, str) and not re.fullmatch(ACCOUNT, account):
        message = f"gcp: impersonateServiceAccount '{account}' must be <name>@<project>.iam.gserviceaccount.com"
        yield Refusal("law", "invalid-configuration", message, ("impersonateServiceAccount",))
    zone, region = config.get("zone"), config.get("region")
    if isinstance(zone, str) and isinstance(region, str) and not re.fullmatch(rf"{re.escape(region)}-[a-z]", zone):
        message = f"gcp: zone '{zone}' is not in region '{region}'"
        yield Refusal("law", "invalid-configuration", message, ("zone",))
