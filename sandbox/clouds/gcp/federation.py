"""IAM's view of strangers: workload identity pools and their providers; and roles of one's own.

Owns      ids, mappings and conditions that parse, permissions that have the form of one.
Refuses   tokens, and the 30 days for which a deleted pool or role keeps its id.
Source    cloud.google.com/iam/docs/workload-identity-federation, …/understanding-custom-roles, read 2026-11.
"""

import re
from collections.abc import Iterator

from sandbox.clouds.gcp import tokens
from sandbox.clouds.gcp.forms import normal
from sandbox.clouds.gcp.links import project
from sandbox.clouds.gcp.networks import FORCE_NEW
from sandbox.clouds.gcp.rules import SHAPE, WORLD, api_on, deletable, given, matches, on, own_project, refusal
from sandbox.contract import ApiModel, Properties, Refusal, Request, TypeModel, World

_ID = r"(?!gcp-)[a-z0-9-]{4,32}"
_WORDS = r"assertion(\.\w+)*(\.(startsWith|endsWith|contains))?|attribute(\.\w+)*|google\.\w+|in|true|false|has"
_SHARED = ("https://token.actions.githubusercontent.com", "https://gitlab.com")
_MOST_PERMISSIONS = 3000


def _pool_id(request: Request, _: World) -> str:
    return (
        f"projects/{project(request)}/locations/global/workloadIdentityPools/{request.inputs['workloadIdentityPoolId']}"
    )


def _provider_id(request: Request, world: World) -> str:
    return f"{_pool_id(request, world)}/providers/{request.inputs['workloadIdentityPoolProviderId']}"


def _named(request: Request, _: World, id: str) -> Properties:
    return {**request.inputs, "name": id, "state": "ACTIVE"}


def _role_id(request: Request, _: World) -> str:
    return f"projects/{project(request)}/roles/{request.inputs['roleId']}"


def _role(request: Request, _: World, id: str) -> Properties:
    return {**request.inputs, "deleted": False, "name": id}


@on(*SHAPE)
def _parses(request: Request, _: World) -> Iterator[Refusal]:
    mapping = request.inputs.get("attributeMapping")
    texts = dict(mapping) if isinstance(mapping, dict) else {}
    if texts and "google.subject" not in texts:
        yield refusal("INVALID_ARGUMENT", "a mapping must have google.subject", ("attributeMapping",))
    condition = request.inputs.get("attributeCondition")
    for at, text, most in (
        *((("attributeMapping", key), text, 2048) for key, text in texts.items()),
        (("attributeCondition",), condition, 4096),
    ):
        if not isinstance(text, str):
            continue
        bare = re.sub(r"'[^']*'", "''", text)
        strange = [word for word in re.findall(r"[A-Za-z_][\w.]*", bare) if not re.fullmatch(_WORDS, word)]
        if bare.count("(") != bare.count(")") or bare.replace("''", "").count("'") or strange or len(text) > most:
            yield refusal("INVALID_ARGUMENT", f"'{text[:80]}' does not parse{f': {strange[0]}' if strange else ''}", at)


@on(*SHAPE)
def _whom(request: Request, _: World) -> Iterator[Refusal]:
    """Issuers that everybody can have tokens of need a condition; Google refuses to make them without."""
    oidc = request.inputs.get("oidc")
    uri = oidc.get("issuerUri") if isinstance(oidc, dict) else None
    if isinstance(uri, str) and not uri.startswith("https://"):
        yield refusal("INVALID_ARGUMENT", f"issuer '{uri}' must be https", ("oidc", "issuerUri"))
    if uri in _SHARED and not request.inputs.get("attributeCondition"):
        message = f"the attribute condition must reference one of the provider's claims: {uri} is shared"
        yield refusal("INVALID_ARGUMENT", message, ("attributeCondition",))


@on(*WORLD)
def _in_a_pool(request: Request, world: World) -> Iterator[Refusal]:
    if world.find(tokens.POOL, _pool_id(request, world), request.scope) is None:
        pool = request.inputs.get("workloadIdentityPoolId")
        yield refusal("NOT_FOUND", f"workload identity pool '{pool}' does not exist", ("workloadIdentityPoolId",))


@on(*SHAPE)
def _permissions(request: Request, _: World) -> Iterator[Refusal]:
    found = request.inputs.get("permissions")
    if not isinstance(found, list):
        return
    if len(found) > _MOST_PERMISSIONS:
        yield refusal("INVALID_ARGUMENT", f"{len(found)} permissions: at most {_MOST_PERMISSIONS}", ("permissions",))
    for index, one in enumerate(found):
        if isinstance(one, str) and not re.fullmatch(r"[a-z][A-Za-z0-9]*(\.[A-Za-z][A-Za-z0-9]*){2}", one):
            yield refusal("INVALID_ARGUMENT", f"permission {one} is not valid", ("permissions", index))


_POOL = {"project": "", "deletionPolicy": "", "workloadIdentityPoolId": ""}

TYPES = (
    TypeModel(
        token=tokens.POOL,
        api=ApiModel(
            source="discovery", service="iam.v1", shape="WorkloadIdentityPool", rename=_POOL, constants={}
        ),
        identify=_pool_id,
        outputs=_named,
        immutable=dict.fromkeys(("workloadIdentityPoolId", "project"), FORCE_NEW),
        laws=(
            given("workloadIdentityPoolId"),
            matches("workloadIdentityPoolId", _ID, "4 to 32 of [a-z0-9-], not 'gcp-' at the beginning"),
            own_project,
            api_on("iam"),
            deletable,
        ),
        unique=("workloadIdentityPoolId",),
    ),
    TypeModel(
        token=tokens.POOL_PROVIDER,
        api=ApiModel(
            source="discovery",
            service="iam.v1",
            shape="WorkloadIdentityPoolProvider",
            rename={**_POOL, "workloadIdentityPoolProviderId": ""},
            constants={},
        ),
        identify=_provider_id,
        outputs=_named,
        immutable=dict.fromkeys(
            ("workloadIdentityPoolId", "workloadIdentityPoolProviderId", "project"), FORCE_NEW
        ),
        laws=(
            given("workloadIdentityPoolId", "workloadIdentityPoolProviderId"),
            matches("workloadIdentityPoolProviderId", _ID, "4 to 32 of [a-z0-9-], not 'gcp-' at the beginning"),
            own_project,
            _parses,
            _whom,
            _in_a_pool,
            deletable,
        ),
        unique=("workloadIdentityPoolProviderId", "workloadIdentityPoolId"),
    ),
    TypeModel(
        token=tokens.ROLE,
        api=ApiModel(
            source="discovery",
            service="iam.v1",
            shape="Role",
            rename={"project": "", "deletionPolicy": "", "roleId": "", "permissions": "includedPermissions"},
            constants={},
        ),
        identify=_role_id,
        outputs=_role,
        immutable=dict.fromkeys(("roleId", "project"), FORCE_NEW),
        laws=(
            given("roleId"),
            matches("roleId", r"[A-Za-z0-9_.]{3,64}", "3 to 64 letters, digits, '_' and '.'"),
            own_project,
            _permissions,
            deletable,
        ),
        normalize=normal({"stage": "GA"}, sets=("permissions",)),
        unique=("roleId",),
    ),
)  # fmt: skip
