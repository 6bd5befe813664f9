"""The cell's own encryption keys, and who may use them.

Owns      a key ring, one key for Kubernetes' database and one for disks, and the grants to Google's service agents.
Refuses   to be deleted in production: whoever loses the disk key has lost every broker's data.
Identity  GCP keeps the names of key rings and keys for ever; a cell's name is not reused either.
"""

from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from components import names
from components.base import Component
from components.clouds.contract import Identity
from components.clouds.gcp.labels import labels

ROTATION_SECONDS = 90 * 24 * 3600
AGENTS = {"etcd": "container-engine-robot", "disks": "compute-system"}
"""Key -> the service agent that encrypts with it: GKE's for its database, Compute Engine's for every disk."""


@dataclass(frozen=True)
class Keys:
    """Both keys, each with the grant without which it is of no use."""

    etcd: gcp.kms.CryptoKey
    disks: gcp.kms.CryptoKey
    grants: list[pulumi.Resource]


def keys(
    parent: Component,
    provider: pulumi.ProviderResource,
    identity: Identity,
    project_number: str,
    after: list[pulumi.Resource],
) -> Keys:
    """Make ring, keys and grants."""
    cell = identity.cell
    ring = gcp.kms.KeyRing(
        f"{cell}-keys",
        project=identity.account,
        location=identity.region,
        name=names.cell_resource(cell),
        opts=parent.child(provider, protect=identity.production, after=after),
    )
    # GKE's agent is born at its first use, and a grant to an agent that does not exist is refused.
    agent = gcp.projects.ServiceIdentity(
        f"{cell}-gke-agent",
        project=identity.account,
        service="container.googleapis.com",
        opts=parent.child(provider, after=after),
    )
    made: dict[str, gcp.kms.CryptoKey] = {}
    grants: list[pulumi.Resource] = []
    for role, service in sorted(AGENTS.items()):
        made[role] = gcp.kms.CryptoKey(
            f"{cell}-{role}-key",
            key_ring=ring.id,
            name=role,
            purpose="ENCRYPT_DECRYPT",
            rotation_period=f"{ROTATION_SECONDS}s",
            deletion_policy="PREVENT" if identity.production else "DELETE",
            labels=labels(identity.tags),
            opts=parent.child(provider, protect=identity.production),
        )
        grants.append(
            gcp.kms.CryptoKeyIAMMember(
                f"{cell}-{role}-key-grant",
                crypto_key_id=made[role].id,
                role="roles/cloudkms.cryptoKeyEncrypterDecrypter",
                member=f"serviceAccount:service-{project_number}@{service}.iam.gserviceaccount.com",
                # Without its grant a key locks the disks that it encrypts.
                opts=parent.child(provider, protect=identity.production, after=[agent]),
            )
        )
    return Keys(etcd=made["etcd"], disks=made["disks"], grants=grants)
