"""Who talked to whom in a cell's network can be looked up."""

from collections.abc import Iterator, Sequence

from policies.clouds import AWS_PROVIDER, VPC
from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import later, look
from policies.samples import GONE, TAGS, bad, but, good, later_at, res, unknown

_PAIRS = {
    "aws:ec2/vpc:Vpc": "aws:ec2/flowLog:FlowLog",
    "azure-native:network:VirtualNetwork": "azure-native:network:FlowLog",
}
_SUBNET = "gcp:compute/subnetwork:Subnetwork"
_WITHOUT = ("PRIVATE_SERVICE_CONNECT", "REGIONAL_MANAGED_PROXY", "PRIVATE_NAT")
"""Purposes of subnetworks that Google keeps no flow logs of."""


def _judge(resources: Sequence[Resource], _: Scope) -> Iterator[Verdict]:
    for network, log in _PAIRS.items():
        networks = [one for one in resources if one.type == network]
        on = [look(one.props, "enabled") for one in resources if one.type == log]
        if UNKNOWN in on:
            yield later("enabled of the flow log")
        elif len(networks) > sum(one is not False for one in on):
            yield f"network '{networks[0].name}' has no flow log: who talked to whom cannot be looked up"
    for one in resources:
        if one.type == _SUBNET and look(one.props, "purpose") not in _WITHOUT:
            found = look(one.props, "logConfig")
            if found is UNKNOWN:
                yield later(f"logConfig of '{one.name}'")
            elif not found:
                yield f"subnetwork '{one.name}' has no logConfig: who talked to whom cannot be looked up"


_LOG = res(
    "aws:ec2/flowLog:FlowLog",
    {"vpcId": "vpc-1", "trafficType": "ALL", "logDestination": "arn:aws:logs:eu-west-1:1:log-group:flows"},
    provider=AWS_PROVIDER,
    name="flows",
)
_NODES = res(
    _SUBNET,
    {
        "network": "vpc",
        "ipCidrRange": "10.1.0.0/17",
        "region": "europe-west1",
        "purpose": "PRIVATE",
        "logConfig": {"flowSampling": 0.5},
    },
    protect=True,
)
_AZURE = res(
    "azure-native:network:VirtualNetwork",
    {
        "resourceGroupName": "kf-orders",
        "location": "westeurope",
        "addressSpace": {"addressPrefixes": ["10.2.0.0/16"]},
        "tags": TAGS,
    },
    protect=True,
    name="network",
)
_AZURE_LOG = res(
    "azure-native:network:FlowLog",
    {
        "networkWatcherName": "w",
        "resourceGroupName": "NetworkWatcherRG",
        "targetResourceId": "/s/n",
        "storageId": "/s/a",
        "enabled": True,
    },
    name="flows-azure",
)

POLICY = Policy(
    name="flow-logs",
    title="Networks write down who talked to whom",
    severity="medium",
    remediation="Leave `network.flow_logs` of the cell on.",
    framework="AWS FSBP EC2.6; CIS GCP Foundations, VPC flow logs; CIS Azure Foundations, flow logs",
    types=(*_PAIRS, *_PAIRS.values(), _SUBNET),
    judge_stack=_judge,
    levels={"dev": "advisory"},
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html",
    samples=(
        good(VPC, _LOG, _NODES, _AZURE, _AZURE_LOG),
        bad(VPC),
        bad(_AZURE, but(_AZURE_LOG, "enabled", False)),
        bad(but(_NODES, "logConfig", GONE)),
        unknown(later_at(_NODES, "logConfig")),
    ),
)
