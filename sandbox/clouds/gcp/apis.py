"""Service Usage: the APIs of a project, and the agents that Google makes for them.

Owns      what may be switched on, and that both outlive whoever asked for them.
Refuses   to know every API of Google: the ones that a cell may need, and their agents.
"""

from collections.abc import Iterator

from sandbox.clouds.gcp import tokens
from sandbox.clouds.gcp.forms import normal
from sandbox.clouds.gcp.links import decimal, project
from sandbox.clouds.gcp.networks import FORCE_NEW
from sandbox.clouds.gcp.rules import SHAPE, on, own_project, refusal
from sandbox.contract import Properties, Refusal, Request, TypeModel, World

KNOWN = frozenset(
    f"{name}.googleapis.com"
    for name in (
        "artifactregistry", "cloudkms", "cloudresourcemanager", "compute", "container", "dns", "gkehub", "iam",
        "iamcredentials", "logging", "monitoring", "networkconnectivity", "networkmanagement", "secretmanager",
        "servicedirectory", "servicenetworking", "serviceusage", "storage", "sts",
    )
)  # fmt: skip

AGENTS = {
    "compute.googleapis.com": "compute-system",
    "container.googleapis.com": "container-engine-robot",
    "logging.googleapis.com": "gcp-sa-logging",
    "artifactregistry.googleapis.com": "gcp-sa-artifactregistry",
    "storage.googleapis.com": "gs-project-accounts",
}
"""API -> domain of its service agent (cloud.google.com/iam/docs/service-agents, general knowledge 2026-11)."""


def api_id(request: Request, _: World) -> str:
    """`<p>/<api>`, as the provider has it."""
    return f"{project(request)}/{request.inputs['service']}"


def api_outputs(request: Request, _: World, __: str) -> Properties:
    """Nothing is computed."""
    return dict(request.inputs)


def agent_id(request: Request, _: World) -> str:
    """`projects/<p>/services/<api>`."""
    return f"projects/{project(request)}/services/{request.inputs['service']}"


def agent_outputs(request: Request, _: World, __: str) -> Properties:
    """The agent's address. The project's number is made up here: only Google knows the real one."""
    domain = AGENTS.get(request.inputs["service"], "gcp-sa-unknown")
    email = f"service-{decimal(project(request), 12)}@{domain}.iam.gserviceaccount.com"
    return {**request.inputs, "email": email, "member": f"serviceAccount:{email}"}


@on(*SHAPE)
def known_api(request: Request, _: World) -> Iterator[Refusal]:
    """An API that exists."""
    name = request.inputs.get("service")
    if isinstance(name, str) and name not in KNOWN:
        allowed = ", ".join(sorted(n.removesuffix(".googleapis.com") for n in KNOWN))
        message = f"service '{name}' not found or permission denied (the sandbox knows: {allowed})"
        yield refusal("SERVICE_CONFIG_NOT_FOUND_OR_PERMISSION_DENIED", message, ("service",))


TYPES = (
    TypeModel(
        token=tokens.API,
        api=None,
        identify=api_id,
        outputs=api_outputs,
        immutable=dict.fromkeys(("service", "project"), FORCE_NEW),
        laws=(own_project, known_api),
        normalize=normal({"disableOnDestroy": False}),
        adopts=True,
        outlives_delete=True,
    ),
    TypeModel(
        token=tokens.SERVICE_IDENTITY,
        api=None,
        identify=agent_id,
        outputs=agent_outputs,
        immutable=dict.fromkeys(("service", "project"), FORCE_NEW),
        laws=(own_project, known_api),
        adopts=True,
        outlives_delete=True,
    ),
)
