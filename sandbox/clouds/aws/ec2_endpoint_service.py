"""Endpoint services: a load balancer offered to other networks, to whom, and whom its owner has accepted.

Owns      that a service stands on network load balancers of its own account and region, and goes only when unused.
Refuses   the proof that a private DNS name is the owner's: it is given as pending, and nobody looks it up.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.clouds.aws import ids, laws, offers
from sandbox.clouds.aws.base import botocore, model, old
from sandbox.clouds.aws.laws import at_effect, known, refuse, region_of, texts, writing
from sandbox.clouds.aws.normal import sets
from sandbox.clouds.aws.standing import ENDPOINT, SERVICE, service_of
from sandbox.clouds.aws.standing import ENDPOINT_ACCEPTER as ACCEPTER
from sandbox.clouds.aws.standing import SERVICE_PRINCIPAL as PRINCIPAL
from sandbox.contract import Record, Refusal, Request, World

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
_BALANCERS = ("networkLoadBalancerArns", "gatewayLoadBalancerArns")
_NO_SERVICE = "InvalidVpcEndpointServiceId.NotFound"


@writing
def _balancers(request: Request, world: World) -> Iterable[Refusal]:
    given = [name for name in _BALANCERS if request.inputs.get(name)]
    if len(given) != 1:
        message = f"an endpoint service stands on load balancers of one kind: exactly one of {', '.join(_BALANCERS)}"
        yield refuse("InvalidParameter", message, given[0] if given else _BALANCERS[0])
    for place, arn in texts(request.inputs, "networkLoadBalancerArns.[]"):
        found = _balancer(request, world, arn)
        if found is None:
            where = f"account {request.scope.account}, region {request.scope.region}"
            message = f"the load balancer '{arn}' does not exist in {where}"
            yield refuse("LoadBalancerNotFound", message, *place)
        elif found.inputs.get("loadBalancerType") != "network":
            message = f"'{arn}' is an {found.inputs.get('loadBalancerType')} load balancer: it must be a network one"
            yield refuse("InvalidParameter", message, *place)


def _balancer(request: Request, world: World, arn: str) -> Record | None:
    for found in world.by_output("arn", arn, BALANCER):
        if (found.scope.account, region_of(found)) == (request.scope.account, request.scope.region):
            return found
    return None


@writing
def _regions(request: Request, _world: World) -> Iterable[Refusal]:
    for place, region in texts(request.inputs, "supportedRegions.[]"):
        if region not in offers.regions():
            yield refuse("InvalidParameter", f"'{region}' is not a region", *place)


def _principal_faults(path: str) -> laws.Check:
    def law(request: Request, _world: World) -> Iterable[Refusal]:
        for place, who in texts(request.inputs, path):
            if not re.fullmatch(r"\*|arn:aws:iam::\d{12}:(root|(user|role)/[\w+=,.@/-]+)", who):
                message = f"the principal '{who}' is invalid: '*', or the ARN of an account's root, a role or a user"
                yield refuse("InvalidPrincipal", message, *place)

    return writing(law)


@at_effect
def _private_name(request: Request, _world: World) -> Iterable[Refusal]:
    name = request.inputs.get("privateDnsName")
    if known(name) and not re.fullmatch(r"(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", str(name)):
        message = f"the private DNS name '{name}' is no name of a public domain, which you must prove to own"
        yield refuse("InvalidParameter", message, "privateDnsName")


@laws.deleting
def _nobody_connected(request: Request, world: World) -> Iterable[Refusal]:
    name = request.old.outputs.get("serviceName") if request.old else None
    connected = [one.id for one in world.all(ENDPOINT) if one.inputs.get("serviceName") == name]
    if connected and request.old:
        message = f"service {request.old.id} has existing active VPC endpoint connections: {', '.join(connected)}"
        yield refuse("ExistingVpcEndpointConnections", message)


def _service_outputs(request: Request, world: World, id_: str) -> Mapping[str, Any]:
    region, zones = request.scope.region, set[str]()
    for _, arn in texts(request.inputs, "networkLoadBalancerArns.[]"):
        found = _balancer(request, world, arn)
        zones |= {one["availabilityZone"] for one in (found.outputs.get("networkInterfaces") if found else None) or ()}
    name = request.inputs.get("privateDnsName")
    proof = {"name": f"_{ids.hexadecimal(id_, 20)}", "state": "pendingVerification", "type": "TXT"}
    return {
        "arn": ids.arn(request.scope, "ec2", f"vpc-endpoint-service/{id_}"),
        "availabilityZones": sorted(zones),
        "baseEndpointDnsNames": [f"{id_}.{region}.vpce.amazonaws.com"],
        "managesVpcEndpoints": False,
        "privateDnsNameConfigurations": [{**proof, "value": f"vpce:{ids.hexadecimal(f'{id_}/txt', 20)}"}]
        if name
        else [],
        "serviceName": f"com.amazonaws.vpce.{region}.{id_}",
        "serviceType": "Interface",
        "state": "Available",
        "supportedIpAddressTypes": request.inputs.get("supportedIpAddressTypes") or ["ipv4"],
        "supportedRegions": request.inputs.get("supportedRegions") or old(request, "supportedRegions") or [region],
    }


@at_effect
def _connection(request: Request, world: World) -> Iterable[Refusal]:
    service, id_ = request.inputs.get("vpcEndpointServiceId"), request.inputs.get("vpcEndpointId")
    found = world.find(ENDPOINT, id_) if isinstance(id_, str) else None
    target = service_of(world, found.inputs.get("serviceName")) if found else None
    if isinstance(id_, str) and (target is None or target.id != service):
        message = f"the endpoint '{id_}' does not exist at the service '{service}'"
        yield refuse("InvalidVpcEndpointId.NotFound", message, "vpcEndpointId")


_OWN_SERVICE = laws.exists("vpcEndpointServiceId", SERVICE, _NO_SERVICE, "VpcEndpointService Id")

TYPES = [
    model(
        SERVICE,
        botocore("ec2", "CreateVpcEndpointServiceConfiguration", {"allowedPrincipals": "", "allowedPrincipals[]": ""}),
        ids.ec2_id("vpce-svc"),
        computed=_service_outputs,
        immutable=(),
        normalize=(sets(*_BALANCERS, "allowedPrincipals", "supportedIpAddressTypes", "supportedRegions"),),
        laws_of=(
            _balancers,
            _regions,
            _principal_faults("allowedPrincipals.[]"),
            _private_name,
            _nobody_connected,
        ),
        reshaped=("supportedIpAddressTypes", "supportedRegions"),
    ),
    model(
        PRINCIPAL,
        botocore(
            "ec2",
            "ModifyVpcEndpointServicePermissions",
            {"principalArn": "AddAllowedPrincipals[]", "vpcEndpointServiceId": "ServiceId"},
        ),
        ids.ec2_id("vpce-svc-perm"),
        computed=lambda _request, _world, _id: {},
        immutable=("principalArn", "vpcEndpointServiceId"),
        laws_of=(_OWN_SERVICE, _principal_faults("principalArn")),
        tagged=False,
    ),
    model(
        ACCEPTER,
        botocore(
            "ec2",
            "AcceptVpcEndpointConnections",
            {"vpcEndpointId": "VpcEndpointIds[]", "vpcEndpointServiceId": "ServiceId"},
        ),
        lambda request, _world: f"{request.inputs.get('vpcEndpointServiceId')}_{request.inputs.get('vpcEndpointId')}",
        computed=lambda _request, _world, _id: {"vpcEndpointState": "available"},
        immutable=("vpcEndpointId", "vpcEndpointServiceId"),
        laws_of=(_OWN_SERVICE, _connection),
        tagged=False,
    ),
]
