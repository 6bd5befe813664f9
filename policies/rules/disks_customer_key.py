"""Kafka's disks are encrypted with a key of the company."""

from collections.abc import Iterator

from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import expect, look
from policies.samples import GONE, STORAGE_CLASS, bad, but, good, later_at, unknown

_KEYS = {
    "ebs.csi.aws.com": "kmsKeyId",
    "pd.csi.storage.gke.io": "disk-encryption-kms-key",
    "disk.csi.azure.com": "diskEncryptionSetID",
}


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    provisioner = look(resource.props, "provisioner")
    name = _KEYS.get(provisioner) if isinstance(provisioner, str) else None
    if name is None:
        yield from expect("provisioner", provisioner, False, "no rule knows how its disks are encrypted")
        return
    key = look(resource.props, "parameters", name)
    yield from expect(f"parameters.{name}", key, bool(key), "records are encrypted with the vendor's key, not yours")
    if provisioner == "ebs.csi.aws.com":
        encrypted = look(resource.props, "parameters", "encrypted")
        yield from expect("parameters.encrypted", encrypted, encrypted == "true", "records lie on the disk in clear")


_GCP = but(
    but(STORAGE_CLASS, "provisioner", "pd.csi.storage.gke.io"),
    *("parameters", {"disk-encryption-kms-key": "projects/p/locations/l/keyRings/k/cryptoKeys/disks"}),
)

POLICY = Policy(
    name="disks-customer-key",
    title="Kafka's disks are encrypted with a key of ours",
    severity="high",
    remediation="Leave the cell's storage classes as they are: the cell makes the key and names it.",
    framework="AWS FSBP EC2.3; CIS GKE Benchmark, customer-managed keys for disks; PCI DSS 4.0 3.5",
    types=("kubernetes:storage.k8s.io/v1:StorageClass",),
    judge=_judge,
    url="https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md",
    samples=(
        good(STORAGE_CLASS, _GCP),
        bad(but(STORAGE_CLASS, "parameters", "encrypted", "false")),
        bad(but(_GCP, "parameters", {"type": "pd-ssd"})),
        bad(but(STORAGE_CLASS, "parameters", "kmsKeyId", GONE)),
        unknown(later_at(STORAGE_CLASS, "parameters", "kmsKeyId")),
    ),
)
