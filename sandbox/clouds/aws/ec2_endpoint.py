"""VPC endpoints: gateways into S3 and DynamoDB, and interfaces into AWS's services and those of others.

Owns      which services there are for whom, where an endpoint's interfaces stand, and the names that lead to them.
Refuses   endpoints of gateway load balancers, resources and service networks: judged by their types only.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.clouds.aws import addresses, ids, laws, subnets
from sandbox.clouds.aws.base import botocore, model, old
from sandbox.clouds.aws.ec2_firewall import groups_exist
from sandbox.clouds.aws.ec2_network import SUBNET, vpc_exists
from sandbox.clouds.aws.ec2_routes import TABLE
from sandbox.clouds.aws.laws import known, refuse, region_of, texts, writing
from sandbox.clouds.aws.normal import defaults, documents, sets
from sandbox.clouds.aws.quotas import GATEWAYS, INTERFACES, over
from sandbox.clouds.aws.standing import ENDPOINT, VPC, endpoint_status, service_lets, service_of
from sandbox.contract import Record, Refusal, Request, World

_GATEWAY_SERVICES = ("dynamodb", "s3")
_INTERFACE_SERVICES = (
    *("acm-pca", "autoscaling", "cloudformation", "cloudtrail", "ec2", "ec2messages", "ecr.api", "ecr.dkr", "ecs"),
    *("eks", "eks-auth", "elasticfilesystem", "elasticloadbalancing", "events", "glue", "guardduty-data", "kafka"),
    *("kinesis-streams", "kms", "lambda", "logs", "monitoring", "ram", "rds", "s3", "secretsmanager", "sns", "sqs"),
    *("ssm", "ssmmessages", "sts", "xray"),
)
"""Source: AWS PrivateLink guide, 'AWS services that integrate with AWS PrivateLink'; the part that clusters use."""


def _is(request: Request | Record, kind: str) -> bool:
    return bool(request.inputs.get("vpcEndpointType", "Gateway") == kind)


@writing
def _service(request: Request, world: World) -> Iterable[Refusal]:
    name = request.inputs.get("serviceName")
    if not isinstance(name, str):
        return
    start = f"com.amazonaws.{request.scope.region}."
    if _is(request, "Gateway"):
        if name not in {f"{start}{service}" for service in _GATEWAY_SERVICES}:
            message = (
                f"the Vpc Endpoint Service '{name}' does not exist as a gateway in {request.scope.region}: there are "
                f"{', '.join(start + service for service in _GATEWAY_SERVICES)}"
            )
            yield refuse("InvalidServiceName", message, "serviceName")
        for key in ("subnetIds", "securityGroupIds", "privateDnsEnabled"):
            if request.inputs.get(key):
                yield refuse("InvalidParameter", f"a gateway endpoint cannot have {key}", key)
    elif _is(request, "Interface"):
        if request.inputs.get("routeTableIds"):
            yield refuse("InvalidParameter", "an interface endpoint cannot have route tables", "routeTableIds")
        if name.startswith("com.amazonaws.vpce."):
            # The service may be made, or let this account in, by the same run.
            yield from _somebodys_service(request, world, name) if request.operation != "check" else ()
        elif name not in {f"{start}{service}" for service in _INTERFACE_SERVICES}:
            message = f"the Vpc Endpoint Service '{name}' does not exist in {request.scope.region}"
            yield refuse("InvalidServiceName", message, "serviceName")


def _somebodys_service(request: Request, world: World, name: str) -> Iterable[Refusal]:
    service, region = service_of(world, name), request.inputs.get("serviceRegion") or request.scope.region
    if service is None or region_of(service) != region:
        message = f"the Vpc Endpoint Service '{name}' does not exist in {region}"
        yield refuse("InvalidServiceName", message, "serviceName")
        return
    if not service_lets(world, service, request.scope.account):
        message = f"the Vpc Endpoint Service '{name}' does not exist"
        why = f"account {request.scope.account} is none of its allowed principals"
        yield refuse("InvalidServiceName", f"{message} for this account: {why}", "serviceName")
        return
    if request.inputs.get("autoAccept") is True and service.scope.account != request.scope.account:
        message = f"only account {service.scope.account}, which owns the service, can accept the connection"
        yield refuse("OperationNotPermitted", message, "autoAccept")
    away = region != request.scope.region
    if away and request.scope.region not in (service.inputs.get("supportedRegions") or ()):
        message = f"the service '{name}' does not support consumers in {request.scope.region}"
        yield refuse("InvalidServiceName", message, "serviceRegion")
    zones = service.outputs.get("availabilityZones") or ()
    for place, subnet in () if away else subnets.named(request, world):
        if subnet.inputs.get("availabilityZone") not in zones:
            message = (
                f"the service '{name}' does not support the zone of subnet '{subnet.id}', "
                f"{subnet.inputs.get('availabilityZone')}: it is in {', '.join(zones)}"
            )
            yield refuse("InvalidParameter", message, *place)


@writing
def _interfaces(request: Request, world: World) -> Iterable[Refusal]:
    vpc, inside = request.inputs.get("vpcId"), subnets.named(request, world)
    for place, subnet in inside:
        if known(vpc) and subnet.inputs.get("vpcId") != vpc:
            message = f"subnet '{subnet.id}' is of '{subnet.inputs.get('vpcId')}', the endpoint in '{vpc}'"
            yield refuse("InvalidParameter", message, *place)
        if request.operation != "check":
            yield from addresses.room(request, world, subnet, 1, "InsufficientFreeAddressesInSubnet", "subnetIds")
    for place, zone, both in subnets.twins(inside):
        message = f"subnets {both} are both in {zone}: an endpoint has one a zone"
        yield refuse("DuplicateSubnetsInSameZone", message, *place)


@writing
def _private_names(request: Request, world: World) -> Iterable[Refusal]:
    if request.inputs.get("privateDnsEnabled") is not True or not _is(request, "Interface"):
        return
    vpc, name = world.find(VPC, str(request.inputs.get("vpcId")), request.scope), request.inputs.get("serviceName")
    if vpc is not None:
        off = [key for key in ("enableDnsSupport", "enableDnsHostnames") if vpc.inputs.get(key) is not True]
        if off:
            message = f"enabling private DNS requires {' and '.join(off)} of '{vpc.id}' to be true"
            yield refuse("InvalidParameter", message, "privateDnsEnabled")
    service = service_of(world, name)
    if service is not None and not service.inputs.get("privateDnsName"):
        message = f"private DNS can't be enabled: the service '{name}' does not provide a private DNS name"
        yield refuse("InvalidParameter", message, "privateDnsEnabled")
    for other in world.all(ENDPOINT, request.scope):
        same = (other.inputs.get("vpcId"), other.inputs.get("serviceName")) == (vpc and vpc.id, name)
        if same and other.inputs.get("privateDnsEnabled") is True and not laws.same(other, request):
            message = f"there is a conflicting DNS domain for '{name}' in the VPC: '{other.id}' has private names"
            yield refuse("InvalidParameter", message, "privateDnsEnabled")


@writing
def _tables_of_its_network(request: Request, world: World) -> Iterable[Refusal]:
    vpc = request.inputs.get("vpcId")
    for place, id_ in texts(request.inputs, "routeTableIds.[]"):
        table = world.find(TABLE, id_, request.scope)
        if table is not None and known(vpc) and table.inputs.get("vpcId") != vpc:
            message = f"route table '{id_}' belongs to '{table.inputs.get('vpcId')}', the endpoint to '{vpc}'"
            yield refuse("InvalidParameter", message, *place)
        for other in world.all(ENDPOINT, request.scope):
            same = other.inputs.get("serviceName") == request.inputs.get("serviceName") and not laws.same(
                other, request
            )
            if same and id_ in (other.inputs.get("routeTableIds") or ()):
                message = f"route table '{id_}' already has a route to the endpoint '{other.id}' of that service"
                yield refuse("RouteAlreadyExists", message, *place)


def _quotas(request: Request, world: World) -> Iterable[Refusal]:
    if request.operation not in ("check", "create") or request.old is not None:
        return
    others = [
        one
        for one in world.all(ENDPOINT, request.scope)
        if region_of(one) == request.scope.region and not laws.same(one, request)
    ]
    vpc = request.inputs.get("vpcId")
    if _is(request, "Interface") and known(vpc):
        yield from over(INTERFACES, sum(_is(one, "Interface") and one.inputs.get("vpcId") == vpc for one in others))
    if _is(request, "Gateway"):
        yield from over(GATEWAYS, sum(_is(one, "Gateway") for one in others))


def _endpoint_outputs(request: Request, world: World, id_: str) -> Mapping[str, Any]:
    found: dict[str, Any] = {
        "arn": ids.arn(request.scope, "ec2", f"vpc-endpoint/{id_}"),
        "ownerId": request.scope.account,
        "requesterManaged": False,
        "policy": request.inputs.get("policy") or old(request, "policy") or _OPEN,
    }
    if not _is(request, "Interface"):
        service = ids.hexadecimal(request.scope.region + str(request.inputs.get("serviceName")), 8)
        return found | {"prefixListId": f"pl-{service}", "state": "available"}
    told = Record(request.urn, request.type, id_, request.scope, request.inputs, found)
    wanted = [(subnet, _address(request, subnet.id)) for _, subnet in subnets.named(request, world)]
    interfaces = addresses.interfaces(request, world, id_, wanted)
    return found | {
        "state": endpoint_status(world, told),
        "ipAddressType": request.inputs.get("ipAddressType", "ipv4"),
        "privateDnsEnabled": request.inputs.get("privateDnsEnabled", False),
        "dnsEntries": _names(request, id_, [one["availabilityZone"] for one in interfaces]),
        "networkInterfaceIds": ["eni-0" + ids.hexadecimal(f"{id_}/{one['subnetId']}", 16) for one in interfaces],
        "networkInterfaces": interfaces,
        "subnetConfigurations": [{"subnetId": i["subnetId"], "ipv4": i["privateIpAddress"]} for i in interfaces],
    }


def _address(request: Request, subnet: str) -> str:
    given = request.inputs.get("subnetConfigurations")
    for one in given if isinstance(given, list) else ():
        if one.get("subnetId") == subnet:
            return str(one.get("ipv4") or "")
    return ""


def _names(request: Request, id_: str, zones: list[str]) -> list[dict[str, str]]:
    """The endpoint's own name, then one a zone, all in a zone of AWS's."""
    region = request.inputs.get("serviceRegion") or request.scope.region
    name = str(request.inputs.get("serviceName")).rpartition(f".{region}.")[2]
    start, end = f"{id_}-{ids.hexadecimal(f'{id_}/dns', 8)}", f".{name}.{request.scope.region}.vpce.amazonaws.com"
    hosted = f"Z{ids.letters(f'vpce/{request.scope.region}', 13)}"
    return [{"dnsName": f"{text}{end}", "hostedZoneId": hosted} for text in (start, *(f"{start}-{z}" for z in zones))]


_OPEN = '{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}],"Version":"2008-10-17"}'


TYPES = [
    model(
        ENDPOINT,
        botocore("ec2", "CreateVpcEndpoint", {"autoAccept": "", "policy": "PolicyDocument"}),
        ids.ec2_id("vpce"),
        computed=_endpoint_outputs,
        immutable=(
            *("vpcId", "serviceName", "vpcEndpointType", "serviceRegion"),
            *("resourceConfigurationArn", "serviceNetworkArn"),
        ),
        normalize=(
            sets("routeTableIds", "subnetIds", "securityGroupIds"),
            defaults(vpcEndpointType="Gateway"),
            documents("policy"),
        ),
        laws_of=(
            vpc_exists,
            laws.exists("routeTableIds.[]", TABLE, "InvalidRouteTableId.NotFound", "routeTable ID"),
            laws.exists("subnetIds.[]", SUBNET, "InvalidSubnetId.NotFound", "subnet ID"),
            groups_exist("securityGroupIds.[]", of="vpcId"),
            laws.needs(
                "MissingParameter",
                "an endpoint needs what it leads to",
                "serviceName",
                "serviceNetworkArn",
                "resourceConfigurationArn",
            ),
            _service,
            _interfaces,
            _private_names,
            _tables_of_its_network,
            _quotas,
        ),
        reshaped=("subnetConfigurations",),
    ),
]
