"""PrivateLink: from an interface endpoint to the load balancer behind its service.

Owns      who may connect, who has accepted, and in whose name the provider's side sees the client.
Refuses   services that the sandbox does not have: what is behind them is unknown.
"""

from sandbox.contract import Record
from sandbox.trace.aws_firewall import check
from sandbox.trace.aws_front import of_record
from sandbox.trace.aws_routes import way
from sandbox.trace.front import Front, Source, Spot
from sandbox.trace.look import Look, hop, host, items, named, number
from sandbox.trace.places import Client, Net, net_of_subnet, ranges
from sandbox.trace.result import Hop, broken

ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
SERVICE = "aws:ec2/vpcEndpointService:VpcEndpointService"


def find(look: Look, value: str) -> Record | None:
    """The endpoint that a resolved value means."""
    for one in look.all(ENDPOINT):
        if any(
            str(told.get("dnsName", "")).lower().rstrip(".") == value for told in items(one.outputs.get("dnsEntries"))
        ):
            return one
    return None


def follow(look: Look, client: Client, endpoint: Record, port: int) -> tuple[list[Hop], Front | None, Source | None]:
    """To the endpoint and through it; the load balancer behind, and who connects to it then."""
    hops: list[Hop] = []
    places = [found for id_ in items(endpoint.inputs.get("subnetIds")) if (found := net_of_subnet(look, str(id_)))]
    if not places:
        return [hop("endpoint", endpoint.id, endpoint, "fail", "it stands in no subnet that is there")], None, None
    for net, subnet in places:
        spot = Spot(net, subnet, host(ranges(subnet)[0], number(endpoint.id) % 200))
        hops, seen = way(look, client, spot)
        if broken(hops):
            return hops, None, None
    groups = [str(one) for one in items(endpoint.inputs.get("securityGroupIds"))]
    hops.append(check(look, f"endpoint {endpoint.id}", groups, "in", seen, range(port, port + 1)))
    if broken(hops):
        return hops, None, None
    more, service = _service(look, endpoint)
    hops += more
    if broken(hops) or service is None:
        return hops, None, None
    arns = items(service.inputs.get("networkLoadBalancerArns"))
    balancers = [one for one in look.all("aws:lb/loadBalancer:LoadBalancer") if one.outputs.get("arn") in arns]
    if not balancers:
        return (
            [*hops, hop("endpoint", f"load balancer of {service.id}", service, "fail", "it is not there")],
            None,
            None,
        )
    front = of_record(look, balancers[0])
    hops += _zones(places, front, endpoint)
    source = front.addresses[0][0] if front.addresses else client.address
    return hops, front, Source(source, client)


def _service(look: Look, endpoint: Record) -> tuple[list[Hop], Record | None]:
    name = endpoint.inputs.get("serviceName")
    service = next((one for one in look.all(SERVICE) if one.outputs.get("serviceName") == name), None)
    asked = f"{endpoint.id} to {name}"
    if service is None:
        return [hop("endpoint", asked, str(name), "unknown", "the service is not in the sandbox")], None
    account = endpoint.scope.account
    allowed = [str(one) for one in items(service.inputs.get("allowedPrincipals"))]
    allowed += [
        str(one.inputs.get("principalArn"))
        for one in look.where(
            "aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple",
            vpcEndpointServiceId=service.id,
        )
    ]
    if account != service.scope.account and not any(one == "*" or f":{account}:" in one for one in allowed):
        told = f"account {account} is not among its allowed principals ({', '.join(allowed) or 'none'})"
        return [hop("endpoint", asked, service, "fail", told)], None
    if service.inputs.get("acceptanceRequired") is False:
        return [
            hop("endpoint", asked, service, "pass", f"account {account} may connect, and is accepted by itself")
        ], service
    accepted = [
        one
        for one in look.where(
            "aws:ec2/vpcEndpointConnectionAccepter:VpcEndpointConnectionAccepter", vpcEndpointId=endpoint.id
        )
        if one.inputs.get("vpcEndpointServiceId") == service.id
    ]
    if not accepted:
        return [
            hop("endpoint", asked, service, "fail", "pendingAcceptance: the provider has not accepted the connection")
        ], None
    return [hop("endpoint", asked, accepted[0], "pass", f"accepted by {named(accepted[0])}")], service


def _zones(places: list[tuple[Net, Record]], front: Front, endpoint: Record) -> list[Hop]:
    """An endpoint only works in zones in which the load balancer stands; ids tell zones of two accounts apart."""
    served = {subnet.outputs.get("availabilityZoneId") for _, subnet in front.addresses if subnet is not None}
    missing = [subnet for _, subnet in places if subnet.outputs.get("availabilityZoneId") not in served]
    if not missing:
        return []
    told = f"zone {missing[0].outputs.get('availabilityZoneId')} of {missing[0].id} is not one of the load balancer's"
    return [hop("endpoint", f"zones of {endpoint.id}", front.told, "fail", told)]
