"""Pod identities: which service account of a cluster acts with which role.

Owns      that the role is there and lets pods take it, and that a service account has one.
Refuses   what the role may do, and whether the service account exists: Kubernetes makes it when it likes.
"""

from collections.abc import Iterable

from sandbox.clouds.aws import ids, laws
from sandbox.clouds.aws.base import botocore, model, old
from sandbox.clouds.aws.ec2_firewall import CLUSTER
from sandbox.clouds.aws.eks_cluster import trusts
from sandbox.clouds.aws.iam import ROLE
from sandbox.clouds.aws.laws import at_effect, refuse
from sandbox.clouds.aws.normal import defaults
from sandbox.contract import Refusal, Request, World

IDENTITY = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
_KEYS = ("clusterName", "namespace", "serviceAccount")


@at_effect
def _one_a_service_account(request: Request, world: World) -> Iterable[Refusal]:
    mine = [request.inputs.get(key) for key in _KEYS]
    for other in world.all(IDENTITY, request.scope):
        if [other.inputs.get(key) for key in _KEYS] == mine and not laws.same(other, request):
            message = f"association already exists for {mine[1]}/{mine[2]} in '{mine[0]}': '{other.id}'"
            yield refuse("ResourceInUseException", message, "serviceAccount")


def _association(request: Request, world: World) -> str:
    return f"a-{ids.letters(ids.fresh(request, world, 'pod-identity'), 17).lower()}"


TYPES = [
    model(
        IDENTITY,
        botocore("eks", "CreatePodIdentityAssociation"),
        _association,
        computed=lambda request, _world, id_: {
            "associationId": id_,
            "associationArn": ids.arn(
                request.scope, "eks", f"podidentityassociation/{request.inputs.get('clusterName')}/{id_}"
            ),
            "externalId": old(request, "externalId") or ids.hexadecimal(f"{id_}/external", 32),
        },
        immutable=_KEYS,
        normalize=(defaults(disableSessionTags=False),),
        laws_of=(
            laws.exists("clusterName", CLUSTER, "ResourceNotFoundException", "cluster", named=True),
            laws.arn_exists("roleArn", ROLE, "InvalidParameterException", "role"),
            trusts("pods.eks.amazonaws.com", "roleArn"),
            _one_a_service_account,
        ),
    ),
]
