"""IAM: service accounts, and grants on projects, keys, accounts and DNS zones.

Owns      their API models, ids, immutable properties and laws.
Refuses   to say who exists outside: people, groups and accounts that others made are believed. Google's own service
          agents are not: they exist once their API is on.
"""

import re
from collections.abc import Iterator

from sandbox.clouds.gcp import tokens
from sandbox.clouds.gcp.apis import AGENTS
from sandbox.clouds.gcp.forms import normal
from sandbox.clouds.gcp.links import decimal, existing, project, relative, segment, value
from sandbox.clouds.gcp.networks import FORCE_NEW, force_new
from sandbox.clouds.gcp.records import zone_name
from sandbox.clouds.gcp.rules import (
    SHAPE,
    WORLD,
    api_on,
    deletable,
    expression,
    given,
    matches,
    on,
    own_project,
    refers,
    refusal,
    within_quota,
)
from sandbox.contract import ApiModel, Properties, Refusal, Request, TypeModel, World

ROLES = frozenset(
    {
        "roles/artifactregistry.reader", "roles/artifactregistry.writer",
        "roles/cloudkms.admin", "roles/cloudkms.cryptoKeyDecrypter", "roles/cloudkms.cryptoKeyEncrypter",
        "roles/cloudkms.cryptoKeyEncrypterDecrypter", "roles/cloudkms.viewer",
        "roles/compute.admin", "roles/compute.networkAdmin", "roles/compute.networkUser", "roles/compute.viewer",
        "roles/container.admin", "roles/container.clusterAdmin", "roles/container.clusterViewer",
        "roles/container.defaultNodeServiceAccount", "roles/container.developer",
        "roles/container.hostServiceAgentUser", "roles/container.viewer",
        "roles/dns.admin", "roles/dns.peer", "roles/dns.reader",
        "roles/iam.serviceAccountTokenCreator", "roles/iam.serviceAccountUser", "roles/iam.workloadIdentityUser",
        "roles/logging.bucketWriter", "roles/logging.logWriter", "roles/logging.viewer",
        "roles/networkconnectivity.groupUser", "roles/networkconnectivity.hubAdmin",
        "roles/networkconnectivity.spokeAdmin",
        "roles/monitoring.metricWriter", "roles/monitoring.viewer", "roles/stackdriver.resourceMetadata.writer",
        "roles/resourcemanager.projectIamAdmin",
        "roles/browser", "roles/editor", "roles/owner", "roles/viewer",
    }
)  # fmt: skip
"""Predefined roles that the sandbox knows (cloud.google.com/iam/docs/roles-permissions, general knowledge 2026-11)."""

MEMBER = re.compile(
    r"(user|group):[^@\s:]+@[^@\s:]+\.[^@\s:]+|serviceAccount:[a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com|domain:[^@\s:]+\.[^@\s:]+|allUsers|allAuthenticatedUsers"
    r"|principal(Set)?://iam\.googleapis\.com/\S+|serviceAccount:[a-z0-9-]+\.svc\.id\.goog\[\S+/\S+\]"
)
AGENT = re.compile(r"serviceAccount:service-(\d+)@([a-z0-9-]+)\.iam\.gserviceaccount\.com")


def account_id(request: Request, _: World) -> str:
    """`projects/<p>/serviceAccounts/<e-mail>`."""
    return f"projects/{project(request)}/serviceAccounts/{_email(request)}"


def _email(request: Request) -> str:
    return f"{request.inputs['accountId']}@{project(request)}.iam.gserviceaccount.com"


def account_outputs(request: Request, _: World, id: str) -> Properties:
    """E-mail, member form and number of the account."""
    email = _email(request)
    return {**request.inputs, "email": email, "member": f"serviceAccount:{email}", "name": id,
            "uniqueId": decimal(id, 21)}  # fmt: skip


def _condition(request: Request) -> str:
    condition = request.inputs.get("condition")
    return f"/{condition.get('title')}" if isinstance(condition, dict) else ""


def project_member_id(request: Request, _: World) -> str:
    """`<p>/<role>/<member>`, with the condition's title where there is one."""
    return f"{project(request)}/{request.inputs['role']}/{request.inputs['member']}{_condition(request)}"


def key_member_id(request: Request, _: World) -> str:
    """`<key>/<role>/<member>`."""
    key = relative(request.inputs["cryptoKeyId"])
    return f"{key}/{request.inputs['role']}/{request.inputs['member']}{_condition(request)}"


def account_member_id(request: Request, _: World) -> str:
    """`<account>/<role>/<member>`."""
    account = relative(request.inputs["serviceAccountId"])
    return f"{account}/{request.inputs['role']}/{request.inputs['member']}{_condition(request)}"


def zone_member_id(request: Request, _: World) -> str:
    """`<zone>/<role>/<member>`."""
    zone = zone_name(request.inputs["managedZone"], project(request))
    return f"{zone}/{request.inputs['role']}/{request.inputs['member']}{_condition(request)}"


def member_outputs(request: Request, _: World, id: str) -> Properties:
    """The policy's etag."""
    return {**request.inputs, "etag": f"BwY{decimal(id, 8)}="}


@on(*SHAPE)
def member_form(request: Request, _: World) -> Iterator[Refusal]:
    """`user:`, `group:`, `serviceAccount:` and so on, with a name behind it."""
    member = request.inputs.get("member")
    if isinstance(member, str) and not MEMBER.fullmatch(member):
        message = f"identity '{member}' must be like serviceAccount:<name>@<project>.iam.gserviceaccount.com"
        yield refusal("INVALID_ARGUMENT", message, ("member",))


@on(*SHAPE)
def role_form(request: Request, _: World) -> Iterator[Refusal]:
    """A predefined role that is known, or a custom one of a project or an organisation; on a key, one for keys."""
    role = request.inputs.get("role")
    if not isinstance(role, str) or re.fullmatch(r"(projects|organizations)/[^/]+/roles/[A-Za-z0-9_.]{3,64}", role):
        return
    if not role.startswith("roles/"):
        yield refusal("INVALID_ARGUMENT", f"role name '{role}' must be roles/<role>", ("role",))
    elif role not in ROLES:
        yield refusal("INVALID_ARGUMENT", f"role '{role}' is not known (for this resource)", ("role",))
    elif not role.startswith(_FOR.get(request.type, "roles/")):
        yield refusal("INVALID_ARGUMENT", f"role '{role}' is not supported for this resource", ("role",))


_FOR = {
    tokens.ACCOUNT_MEMBER: "roles/iam.",
    tokens.CRYPTO_KEY_MEMBER: "roles/cloudkms.",
    tokens.ZONE_MEMBER: "roles/dns.",
}
"""Roles that can be granted on one resource."""


@on(*SHAPE)
def condition_form(request: Request, _: World) -> Iterator[Refusal]:
    """A title of at most 100 characters; never on the basic roles."""
    condition = request.inputs.get("condition")
    if not isinstance(condition, dict):
        return
    title = condition.get("title")
    if isinstance(title, str) and not 1 <= len(title) <= 100:
        yield refusal(
            "INVALID_ARGUMENT", f"condition title of {len(title)} characters: 1 to 100", ("condition", "title")
        )
    if request.inputs.get("role") in ("roles/owner", "roles/editor", "roles/viewer"):
        yield refusal("INVALID_ARGUMENT", f"conditions are not allowed on {request.inputs['role']}", ("condition",))


ATTRIBUTES = (
    r"resource\.(name|type|service)(\.(startsWith|endsWith|extract))?|request\.time|timestamp|duration|true|false|in"
    r"|api\.getAttribute|hasOnly"
)
CONDITION = expression("condition.expression", ATTRIBUTES, "INVALID_ARGUMENT")
"""cloud.google.com/iam/docs/conditions-attribute-reference (general knowledge of it, 2026-11), the part in use."""


@on(*WORLD)
def agent_exists(request: Request, world: World) -> Iterator[Refusal]:
    """A service agent exists once its API is on, and GKE's once it was asked for; its number is its project's."""
    member = str(request.inputs.get("member"))
    found = AGENT.fullmatch(member)
    if found is None:
        return
    where = segment(str(request.inputs.get("cryptoKeyId", "")), "projects") or project(request)
    number, domain = found.groups()
    api = next((name for name, agent in AGENTS.items() if agent == domain), None)
    born = api is not None and existing(world, tokens.API, f"{where}/{api}", request) is not None
    if api == "container.googleapis.com":
        agent = f"projects/{where}/services/{api}"
        born = born and existing(world, tokens.SERVICE_IDENTITY, agent, request) is not None
    if not born:
        yield refusal("INVALID_ARGUMENT", f"service account {member.removeprefix('serviceAccount:')} does not exist",
                      ("member",))  # fmt: skip
    other = next(_numbers(request, world), number)
    if other != number:
        message = f"project number {number} is not that of '{where}': other grants in it name {other}"
        yield refusal("INVALID_ARGUMENT", message, ("member",))


def _numbers(request: Request, world: World) -> Iterator[str]:
    """The project's number as the grants that stand know it."""
    for token in (tokens.CRYPTO_KEY_MEMBER, tokens.PROJECT_MEMBER):
        for record in world.all(token, request.scope):
            found = AGENT.fullmatch(str(record.inputs.get("member")))
            if found and not (request.old and request.old.id == record.id):
                yield found[1]


@on(*WORLD)
def identity_pool(request: Request, world: World) -> Iterator[Refusal]:
    """Kubernetes' service accounts can be named once a cluster with Workload Identity has made the project's pool."""
    found = _WORKLOAD.fullmatch(str(request.inputs.get("member")))
    if found is None:
        return
    clusters = world.all(tokens.CLUSTER)
    if not any(value(c.inputs, "workloadIdentityConfig.workloadPool") == found["pool"] for c in clusters):
        yield refusal("badRequest", f"identity pool does not exist ({found['pool']})", ("member",))


@on(*WORLD)
def account_stands(request: Request, world: World) -> Iterator[Refusal]:
    """An account of this project that a grant names has been made; others' are believed."""
    found = _OWN.fullmatch(str(request.inputs.get("member")))
    if found is None or found["project"] != request.scope.account:
        return
    if world.find(tokens.ACCOUNT, f"projects/{found['project']}/serviceAccounts/{found['email']}") is None:
        yield refusal("badRequest", f"service account {found['email']} does not exist", ("member",))


@on(*WORLD)
def federated_pool(request: Request, world: World) -> Iterator[Refusal]:
    """Strangers can be named once the project has the pool that they come through."""
    found = _FEDERATED.fullmatch(str(request.inputs.get("member")))
    if found and not any(record.id.endswith(f"/{found['pool']}") for record in world.all(tokens.POOL)):
        yield refusal("badRequest", f"workload identity pool does not exist ({found['pool']})", ("member",))


@on(*WORLD)
def custom_role_stands(request: Request, world: World) -> Iterator[Refusal]:
    """A custom role of the project has been made."""
    role = str(request.inputs.get("role"))
    if role.startswith(f"projects/{request.scope.account}/roles/") and world.find(tokens.ROLE, role) is None:
        yield refusal("INVALID_ARGUMENT", f"role {role} does not exist in the resource's hierarchy", ("role",))


_FEDERATED = re.compile(
    r"principal(Set)?://iam\.googleapis\.com/projects/\d+/locations/global/workloadIdentityPools/(?P<pool>[^/]+)/\S+"
)
_WORKLOAD = re.compile(r"serviceAccount:(?P<pool>[a-z0-9-]+\.svc\.id\.goog)\[\S+/\S+\]")
_OWN = re.compile(r"serviceAccount:(?P<email>[a-z0-9-]+@(?P<project>[a-z0-9-]+)\.iam\.gserviceaccount\.com)")
_GRANT = dict.fromkeys(("role", "member", "condition"), FORCE_NEW)
_ZONE_GRANT = force_new("dns/iam_dns_managed_zone.go", "07a2c0b")
_BINDING = {"member": "", "project": "", "cryptoKeyId": "", "serviceAccountId": "", "managedZone": ""}

TYPES = (
    TypeModel(
        token=tokens.ACCOUNT,
        api=ApiModel(
            source="discovery",
            service="iam.v1",
            shape="CreateServiceAccountRequest",
            rename={
                "project": "",
                "deletionPolicy": "",
                "createIgnoreAlreadyExists": "",
                "displayName": "serviceAccount.displayName",
                "description": "serviceAccount.description",
                "disabled": "serviceAccount.disabled",
            },
            constants={},
        ),
        identify=account_id,
        outputs=account_outputs,
        immutable={
            "accountId": "pulumi_gcp.serviceaccount.AccountArgs.account_id: changing this forces a new service account",
            "project": FORCE_NEW,
        },
        laws=(
            given("accountId"),
            matches("accountId", r"[a-z]([-a-z0-9]{4,28}[a-z0-9])", "must be 6 to 30 of [-a-z0-9] from a letter"),
            own_project,
            api_on("iam"),
            within_quota,
            deletable,
        ),
        normalize=normal({"disabled": False}),
        unique=("accountId",),
    ),
    TypeModel(
        token=tokens.PROJECT_MEMBER,
        api=ApiModel(
            source="discovery", service="cloudresourcemanager.v1", shape="Binding", rename=_BINDING, constants={}
        ),
        identify=project_member_id,
        outputs=member_outputs,
        immutable={**_GRANT, "project": FORCE_NEW},
        laws=(own_project, member_form, role_form, condition_form, CONDITION, agent_exists, custom_role_stands),
        adopts=True,
    ),
    TypeModel(
        token=tokens.CRYPTO_KEY_MEMBER,
        api=ApiModel(source="discovery", service="cloudkms.v1", shape="Binding", rename=_BINDING, constants={}),
        identify=key_member_id,
        outputs=member_outputs,
        immutable={**_GRANT, "cryptoKeyId": FORCE_NEW},
        laws=(
            member_form,
            role_form,
            condition_form,
            CONDITION,
            refers("cryptoKeyId", tokens.CRYPTO_KEY, lambda _, v: relative(v)),
            agent_exists,
        ),
        adopts=True,
    ),
    TypeModel(
        token=tokens.ACCOUNT_MEMBER,
        api=ApiModel(source="discovery", service="iam.v1", shape="Binding", rename=_BINDING, constants={}),
        identify=account_member_id,
        outputs=member_outputs,
        immutable={**_GRANT, "serviceAccountId": FORCE_NEW},
        laws=(
            member_form,
            role_form,
            condition_form,
            CONDITION,
            refers("serviceAccountId", tokens.ACCOUNT, lambda _, v: relative(v)),
            identity_pool,
            federated_pool,
            account_stands,
        ),
        adopts=True,
    ),
    TypeModel(
        token=tokens.ZONE_MEMBER,
        api=ApiModel(source="discovery", service="dns.v1", shape="GoogleIamV1Binding", rename=_BINDING, constants={}),
        identify=zone_member_id,
        outputs=member_outputs,
        immutable={**_GRANT, **dict.fromkeys(("managedZone", "project"), _ZONE_GRANT)},
        laws=(
            own_project,
            member_form,
            role_form,
            condition_form,
            CONDITION,
            refers("managedZone", tokens.MANAGED_ZONE, lambda r, v: zone_name(v, project(r))),
            account_stands,
        ),
        adopts=True,
    ),
)
