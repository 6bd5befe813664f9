"""Cells stand in regions that somebody has approved."""

from collections.abc import Iterator

from policies.clouds import AKS, AWS_PROVIDER, EKS, GKE, VPC
from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import later, look, matches
from policies.samples import bad, but, given, good, later_at, res, unknown

_USUAL = {
    "aws": ["eu-*", "us-*", "ca-*"],
    "gcp": ["europe-*", "us-*", "northamerica-*"],
    "azure": [
        "*europe",
        "*us",
        "*us2",
        "*us3",
        "*uk*",
        "*france*",
        "*germany*",
        "*switzerland*",
        "*sweden*",
        "canada*",
    ],
}
_CLOUDS = {"aws": "aws", "gcp": "gcp", "azure-native": "azure"}


def _judge(resource: Resource, scope: Scope) -> Iterator[Verdict]:
    cloud = _CLOUDS[resource.type.partition(":")[0]]
    approved = scope.settings.get(cloud, _USUAL[cloud])
    props = resource.props
    region = look(props, "region") or look(props, "location") or look(resource.provider, "region")
    if region is UNKNOWN or (region is None and not resource.provider):
        yield later("region")
    elif not matches(str(region), approved):
        yield f"region is '{region}', which nobody has approved (approved: {', '.join(approved)})"


_FAR = res(
    "aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"}, provider={**AWS_PROVIDER, "region": "ap-south-1"}, protect=True
)

POLICY = Policy(
    name="approved-regions",
    title="Cells stand in approved regions",
    severity="high",
    remediation="Choose an approved region, or add it to the policy's settings.",
    framework="GDPR chapter V; NIST SP 800-53 SA-9(5)",
    types=(
        "aws:ec2/vpc:Vpc",
        "aws:eks/cluster:Cluster",
        "azure-native:containerservice:ManagedCluster",
        "azure-native:resources:ResourceGroup",
        "gcp:container/cluster:Cluster",
        "gcp:compute/subnetwork:Subnetwork",
    ),
    judge=_judge,
    settings={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            cloud: {
                "type": "array",
                "items": {"type": "string", "minLength": 2},
                "description": f"Shell patterns of {cloud}'s regions; an empty list approves none.",
            }
            for cloud in _USUAL
        },
    },
    url="https://commission.europa.eu/law/law-topic/data-protection/international-dimension-data-protection_en",
    samples=(
        good(EKS, VPC, GKE, AKS),
        bad(_FAR),
        bad(but(GKE, "location", "asia-east1")),
        bad(EKS, scope=given(aws=["us-*"]), title="stricter by setting"),
        unknown(later_at(GKE, "location")),
    ),
)
