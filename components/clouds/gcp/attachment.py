"""The service attachment by which others reach a cell's gateway over Private Service Connect.

Owns      the NAT's subnetwork, the rule that lets it in, and the object from which GKE makes the attachment.
Refuses   to make the attachment itself: it must point at the gateway's forwarding rule, and GKE alone knows that one's
          name (a hash of the cluster's own id is in it) and makes it anew when the Service changes.
Identity  consumers write the attachment's name down, and GKE puts the object's uid into it: the object is protected.
"""

import pulumi
import pulumi_gcp as gcp

from components import names
from components.base import Component
from components.cell.network_spec import PrivateLink
from components.clouds.gcp.firewall import Rule, rule
from components.clouds.gcp.vpc import Vpc
from components.clouds.resources import GatewayRequest
from components.services.contract import Manifest

NAT_ROLE = "link-nat"


def offer(
    parent: Component, provider: pulumi.ProviderResource, request: GatewayRequest, link: PrivateLink, vpc: Vpc
) -> Manifest:
    """Make what the attachment needs, and say what Kubernetes must be told."""
    identity = request.identity
    nat = gcp.compute.Subnetwork(
        f"{identity.cell}-{NAT_ROLE}",
        project=identity.account,
        region=identity.region,
        name=names.cell_resource(identity.cell, NAT_ROLE),
        network=vpc.link,
        ip_cidr_range=request.ranges.link_nat,
        # No machine may stand here, and no second attachment may use it.
        purpose="PRIVATE_SERVICE_CONNECT",
        opts=parent.child(provider, protect=identity.production, after=vpc.after),
    )
    from_link = Rule("allow-link", [request.ranges.link_nat], "tcp", _spans(request.ports))
    rule(parent, provider, identity, vpc, from_link)
    return Manifest(
        role="gateway-link",
        body={
            "apiVersion": "networking.gke.io/v1",
            "kind": "ServiceAttachment",
            "metadata": {"name": request.service, "namespace": request.namespace},
            "spec": {
                "connectionPreference": "ACCEPT_MANUAL",
                "natSubnets": [nat.name],
                # The proxy passes TLS through unopened and could not strip a header before it.
                "proxyProtocol": False,
                # A consumer that is taken off the list loses the connection that it has.
                "reconcileConnections": True,
                "resourceRef": {"kind": "Service", "name": request.service},
                "consumerAllowList": [
                    {"project": project, "connectionLimit": link.connections_per_consumer}
                    for project in sorted(link.consumers if link.acceptance == "listed" else link.accepted)
                ],
            },
        },
        protect=True,
    )


def how_to_find(request: GatewayRequest) -> str:
    """What prints the name that consumers need. GKE makes it, so no plan and no output of this stack can hold it."""
    identity = request.identity
    nat = names.cell_resource(identity.cell, NAT_ROLE)
    return (
        f"gcloud compute service-attachments list --project={identity.account} --regions={identity.region} "
        f"--filter=natSubnets:{nat} --format='value(selfLink.scope(v1))'"
    )


def _spans(ports: tuple[int, ...]) -> list[str]:
    """`443, 9100, 9101` as `443` and `9100-9101`: a rule may hold few entries."""
    spans: list[tuple[int, int]] = []
    for port in sorted(ports):
        if spans and port == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], port)
        else:
            spans.append((port, port))
    return [str(first) if first == last else f"{first}-{last}" for first, last in spans]
