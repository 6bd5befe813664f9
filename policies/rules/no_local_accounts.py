"""People and machines come to Kubernetes with the cloud's identities, not with copied credentials."""

from collections.abc import Iterator

from policies.clouds import AKS, EKS, GKE
from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import expect, look, yes
from policies.samples import GONE, bad, but, good, later_at, unknown


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    props = resource.props
    if resource.type.startswith("aws:"):
        mode = look(props, "accessConfig", "authenticationMode")
        yield from expect(
            "accessConfig.authenticationMode", mode, mode == "API", "a ConfigMap in the cluster lets people in"
        )
        creator = look(props, "accessConfig", "bootstrapClusterCreatorAdminPermissions")
        wrong = "whoever made the cluster stays its administrator, and no list shows it"
        yield from expect("accessConfig.bootstrapClusterCreatorAdminPermissions", creator, creator is False, wrong)
    elif resource.type.startswith("gcp:"):
        certificate = look(props, "masterAuth", "clientCertificateConfig", "issueClientCertificate")
        wrong = "a client certificate cannot be taken back"
        yield from expect("issueClientCertificate", certificate, not yes(certificate), wrong)
        legacy = look(props, "enableLegacyAbac")
        yield from expect("enableLegacyAbac", legacy, not yes(legacy), "it gives rights that RBAC does not show")
    else:
        local = look(props, "disableLocalAccounts")
        yield from expect(
            "disableLocalAccounts", local, yes(local), "an administrator's certificate cannot be taken back"
        )


POLICY = Policy(
    name="no-local-accounts",
    title="Kubernetes knows the cloud's identities alone",
    severity="high",
    remediation="Leave the cell's `kubernetes` section at its defaults, and grant access in `access`.",
    framework="CIS EKS Benchmark, authentication; CIS GKE Benchmark, authentication; CIS Kubernetes 3.1.1",
    types=("aws:eks/cluster:Cluster", "gcp:container/cluster:Cluster", "azure-native:containerservice:ManagedCluster"),
    judge=_judge,
    url="https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html",
    samples=(
        good(EKS, GKE, AKS),
        bad(but(EKS, "accessConfig", "authenticationMode", "CONFIG_MAP")),
        bad(but(EKS, "accessConfig", GONE)),
        bad(but(GKE, "masterAuth", "clientCertificateConfig", "issueClientCertificate", True)),
        bad(but(AKS, "disableLocalAccounts", False)),
        unknown(later_at(AKS, "disableLocalAccounts")),
    ),
)
