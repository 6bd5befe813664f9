"""What `fleet.yaml` says of policies: how strict each is where, what it is told, and who may leave it until when.

Owns      the shape of `policies:`.
Refuses   the policies themselves (`policies/`): whether a name is one is a law across files.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from components.cell.spec import Environment
from components.model import Day, Items, Name, Spec

PolicyName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{2,60}$")]
Level = Literal["mandatory", "advisory", "remediate", "disabled"]


class PolicyException(Spec):
    """Stacks that may leave a policy, until a day. A reviewed line of its own."""

    policy: PolicyName = Field(description="The policy.")
    stacks: Annotated[Items[str], Field(min_length=1)] = Field(
        description="Shell patterns of stacks, e.g. `kafka.web-*`. `*` alone is refused: end the policy instead."
    )
    owner: Name = Field(description="The team that answers for it.")
    until: Day = Field(description="The last day, in UTC. After it the policy applies again.")
    reason: Annotated[str, StringConstraints(min_length=10)] = Field(
        description="Why, and where it was agreed: the next reader decides by it whether to prolong."
    )


class PolicySettings(Spec):
    """How the policies of `policies/` are applied."""

    levels: dict[PolicyName, dict[Environment, Level]] = Field(
        default={},
        description="By policy and environment: how strict it is there. Others keep the policy's own.",
    )
    settings: dict[PolicyName, dict[Environment, dict[str, Any]]] = Field(
        default={},
        description="By policy and environment: its settings, e.g. `approved-regions: {prod: {aws: [eu-west-1]}}`.",
    )
    exceptions: Items[PolicyException] = Field(default=(), description="Who may leave a policy, and until when.")
