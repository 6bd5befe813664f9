"""A cloud that has nothing but EKS clusters, each with an endpoint of its name, beside the real Kubernetes model."""

from collections.abc import Mapping

from sandbox.contract import CloudModel, Properties, Request, Scope, TypeModel, World
from sandbox.models import clouds

EKS = "aws:eks/cluster:Cluster"


def endpoint(name: str) -> str:
    return f"https://{name}.k8s.example.net"


def _outputs(request: Request, _world: World, id: str) -> Properties:
    return {**request.inputs, "id": id, "endpoint": endpoint(id), "arn": f"arn:aws:eks:eu-west-1:1:cluster/{id}"}


def models() -> Mapping[str, CloudModel]:
    cluster = TypeModel(
        token=EKS, api=None, identify=lambda request, _: str(request.inputs["name"]), outputs=_outputs, immutable={}
    )
    aws = CloudModel("aws", "pulumi_aws", {EKS: cluster}, {}, lambda _: Scope("aws", "1", "eu-west-1"), lambda _: ())
    return {**clouds(), "aws": aws}
