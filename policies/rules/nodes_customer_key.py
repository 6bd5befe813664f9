"""The disks of nodes are encrypted, with a key of the company where the cloud lets it choose."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.clouds import AKS, GKE_POOL, TEMPLATE
from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import expect, items, later, look, yes
from policies.samples import GONE, bad, but, good, later_at, unknown


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    if resource.type.startswith("aws:"):
        for index, device in enumerate(items(resource.props, "blockDeviceMappings")):
            yield from _disk(device, index)
    elif resource.type.startswith("gcp:"):
        key = look(resource.props, "nodeConfig", "bootDiskKmsKey")
        yield from expect("nodeConfig.bootDiskKmsKey", key, bool(key), "the disk has the vendor's key, not yours")
    else:
        yield from _azure(resource.props)


def _disk(device: Any, index: int) -> Iterator[Verdict]:
    name = f"disk {look(device, 'deviceName') or index}"
    encrypted, key = look(device, "ebs", "encrypted"), look(device, "ebs", "kmsKeyId")
    if device is UNKNOWN:
        yield later(name)
        return
    yield from expect(f"encrypted of {name}", encrypted, yes(encrypted), "what pods write to it lies there in clear")
    yield from expect(f"kmsKeyId of {name}", key, bool(key), "the disk has the vendor's key, not yours")


def _azure(props: Mapping[str, Any]) -> Iterator[Verdict]:
    pools: list[Any] = [props]
    if "agentPoolProfiles" in props:
        pools = list(items(props, "agentPoolProfiles"))
        disks = look(props, "diskEncryptionSetID")
        yield from expect("diskEncryptionSetID", disks, bool(disks), "disks have the vendor's key, not yours")
    for pool in pools:
        host = look(pool, "enableEncryptionAtHost")
        name = look(pool, "name") or look(pool, "agentPoolName") or "the pool"
        yield from expect(f"enableEncryptionAtHost of {name}", host, yes(host), "temporary disks lie there in clear")


_EBS = ("blockDeviceMappings", 0, "ebs")

POLICY = Policy(
    name="nodes-customer-key",
    title="Nodes' disks are encrypted with a key of ours",
    severity="high",
    remediation="Leave the cell's node pools at their defaults: the cell makes the key and names it.",
    framework="AWS FSBP EC2.3; CIS GKE Benchmark, customer-managed keys for boot disks",
    types=(
        "aws:ec2/launchTemplate:LaunchTemplate",
        "gcp:container/nodePool:NodePool",
        "azure-native:containerservice:AgentPool",
        "azure-native:containerservice:ManagedCluster",
    ),
    judge=_judge,
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html",
    samples=(
        good(TEMPLATE, GKE_POOL, AKS),
        bad(but(TEMPLATE, *_EBS, "encrypted", "false")),
        bad(but(GKE_POOL, "nodeConfig", "bootDiskKmsKey", GONE)),
        bad(but(AKS, "diskEncryptionSetID", GONE)),
        bad(but(AKS, "agentPoolProfiles", 0, "enableEncryptionAtHost", False)),
        unknown(later_at(TEMPLATE, *_EBS, "kmsKeyId")),
    ),
)
