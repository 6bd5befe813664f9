"""Whom the roles of the clouds trust: subjects of the forge's tokens.

Owns      the subjects that the generated pipelines have.
Refuses   a repository as a whole: on GitHub a subject names the environment and the workflow file on the protected
          branch, so that a change which edits a workflow gets no credentials.
Source    docs.github.com/actions/reference/security/oidc: `sub` made of `repo`, `context` and `job_workflow_ref` by
          the repository's `oidc/customization/sub`; docs.gitlab.com/ci/secrets/id_token_authentication: `sub` is
          `project_path:…:ref_type:…:ref:…`. Read 2026-11; no forge was asked.
"""

from components.bootstrap.contract import Trust
from stacks.ci.workflows import FILES
from stacks.ci_spec import CiSettings

ISSUERS = {"github": "https://token.actions.githubusercontent.com", "gitlab": "https://gitlab.com"}
CUSTOMIZATION = (
    "gh api --method PUT repos/{repository}/actions/oidc/customization/sub -F use_default=false "
    "-f 'include_claim_keys[]=repo' -f 'include_claim_keys[]=context' -f 'include_claim_keys[]=job_workflow_ref'"
)
"""What makes GitHub write those subjects; without it the roles trust nobody, which is the safe way to be wrong."""


def trust(settings: CiSettings) -> Trust:
    """The subjects of a fleet's pipelines. `settings.repository` must be said."""
    where = settings.environments
    if settings.forge == "gitlab":
        project = settings.subject or f"project_path:{settings.repository}"
        return Trust(
            ISSUERS["gitlab"],
            preview=(f"{project}:ref_type:branch:ref:*",),
            apply=(f"{project}:ref_type:branch:ref:{settings.branch}",),
        )
    return Trust(
        ISSUERS["github"],
        preview=(
            _subject(settings, where.preview, "fleet-preview.yml"),
            _subject(settings, where.preview_code, "fleet-preview.yml"),
            _subject(settings, where.preview, "fleet-apply.yml"),
            _subject(settings, where.drift, "fleet-drift.yml"),
        ),
        apply=(_subject(settings, where.apply, "fleet-apply.yml"),),
    )


def _subject(settings: CiSettings, environment: str, workflow: str) -> str:
    begin = settings.subject or f"repo:{settings.repository}"
    file = f"{settings.repository}/{FILES['github'][workflow]}@refs/heads/{settings.branch}"
    return f"{begin}:environment:{environment}:job_workflow_ref:{file}"
