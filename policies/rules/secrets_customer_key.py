"""Kubernetes Secrets are encrypted with a key of the company."""

from collections.abc import Iterator

from policies.clouds import AKS, EKS, GKE
from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import expect, items, look, yes
from policies.samples import GONE, bad, but, good, later_at, unknown

_KEYS = {
    "aws:eks/cluster:Cluster": ("encryptionConfig", "provider", "keyArn"),
    "gcp:container/cluster:Cluster": ("databaseEncryption", "keyName"),
    "azure-native:containerservice:ManagedCluster": ("securityProfile", "azureKeyVaultKms", "keyId"),
}


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    path = _KEYS[resource.type]
    key = look(resource.props, *path)
    yield from expect(".".join(path), key, bool(key), "Secrets are readable for whoever gets at the vendor's disks")
    if key is UNKNOWN or not key:
        return
    if resource.type.startswith("aws:"):
        kinds = items(resource.props, "encryptionConfig", "resources")
        yield from expect(
            "encryptionConfig.resources", kinds, UNKNOWN in kinds or "secrets" in kinds, "it leaves them out"
        )
    elif resource.type.startswith("gcp:"):
        state = look(resource.props, "databaseEncryption", "state")
        yield from expect(
            "databaseEncryption.state", state, state in ("ENCRYPTED", "ALL_OBJECTS_ENCRYPTION_ENABLED"), "off"
        )
    else:
        on = look(resource.props, "securityProfile", "azureKeyVaultKms", "enabled")
        yield from expect("securityProfile.azureKeyVaultKms.enabled", on, yes(on), "the key is not used")


POLICY = Policy(
    name="secrets-customer-key",
    title="Kubernetes Secrets are encrypted with a key of ours",
    severity="high",
    remediation="Leave the cell's `kubernetes` section at its defaults: it makes the key.",
    framework="AWS FSBP EKS.3; CIS GKE Benchmark, Cloud KMS; PCI DSS 4.0 3.5",
    types=tuple(_KEYS),
    judge=_judge,
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/eks-controls.html",
    samples=(
        good(EKS, GKE, AKS),
        bad(but(EKS, "encryptionConfig", GONE)),
        bad(but(GKE, "databaseEncryption", "state", "DECRYPTED")),
        bad(but(AKS, "securityProfile", "azureKeyVaultKms", "enabled", False)),
        unknown(later_at(EKS, "encryptionConfig", "provider", "keyArn")),
    ),
)
