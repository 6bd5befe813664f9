"""Load balancers, zones and records, as the provider makes them."""

from collections.abc import Mapping
from typing import Any

from tools.moto_witness.moto_side import Clients, given

Inputs = Mapping[str, Any]


def _balancer(on: Clients, i: Inputs) -> dict[str, Any]:
    names = {
        "Name": "name",
        "Type": "loadBalancerType",
        "Subnets": "subnets",
        "SecurityGroups": "securityGroups",
        "IpAddressType": "ipAddressType",
    }
    scheme = "internal" if i.get("internal") else "internet-facing"
    mappings = [
        given(one, SubnetId="subnetId", PrivateIPv4Address="privateIpv4Address", AllocationId="allocationId")
        for one in i.get("subnetMappings") or ()
    ]
    told = {**given(i, **names), "Scheme": scheme, **({"SubnetMappings": mappings} if mappings else {})}
    elb = on.of("elbv2")
    made = elb.create_load_balancer(**told)["LoadBalancers"][0]
    arn = made["LoadBalancerArn"]
    attributes = {
        "load_balancing.cross_zone.enabled": i.get("enableCrossZoneLoadBalancing"),
        "deletion_protection.enabled": i.get("enableDeletionProtection"),
    }
    listed = [{"Key": key, "Value": str(value).lower()} for key, value in attributes.items() if value is not None]
    if listed:
        elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=listed)
    return {"id": arn, "arn": arn, "dnsName": made["DNSName"], "zoneId": made["CanonicalHostedZoneId"]}


def _targets(on: Clients, i: Inputs) -> dict[str, Any]:
    health = i.get("healthCheck") or {}
    told = given(i, Name="name", Port="port", Protocol="protocol", TargetType="targetType", VpcId="vpcId") | given(
        health,
        HealthCheckProtocol="protocol",
        HealthCheckPort="port",
        HealthCheckIntervalSeconds="interval",
        HealthyThresholdCount="healthyThreshold",
        UnhealthyThresholdCount="unhealthyThreshold",
    )
    arn = on.of("elbv2").create_target_group(**told)["TargetGroups"][0]["TargetGroupArn"]
    return {"id": arn, "arn": arn}


def _listener(on: Clients, i: Inputs) -> dict[str, Any]:
    actions = [given(one, Type="type", TargetGroupArn="targetGroupArn") for one in i.get("defaultActions") or ()]
    made = on.of("elbv2").create_listener(
        **given(i, LoadBalancerArn="loadBalancerArn", Port="port", Protocol="protocol"), DefaultActions=actions
    )
    return {"id": made["Listeners"][0]["ListenerArn"]}


def _zone(on: Clients, i: Inputs) -> dict[str, Any]:
    vpcs = [
        {"VPCId": one["vpcId"], "VPCRegion": one.get("vpcRegion") or on.scope.region} for one in i.get("vpcs") or ()
    ]
    dns = on.of("route53")
    told = {
        "Name": i["name"],
        "CallerReference": f"{i['name']}/{on.scope.account}/{vpcs}",
        "HostedZoneConfig": {"PrivateZone": bool(vpcs), "Comment": i.get("comment") or ""},
    }
    made = dns.create_hosted_zone(**told, **({"VPC": vpcs[0]} if vpcs else {}))["HostedZone"]
    for vpc in vpcs[1:]:
        dns.associate_vpc_with_hosted_zone(HostedZoneId=made["Id"], VPC=vpc)
    id_ = made["Id"].rpartition("/")[2]
    return {"id": id_, "zoneId": id_}


def _record(on: Clients, i: Inputs) -> dict[str, Any]:
    dns = on.of("route53")
    zone = dns.get_hosted_zone(Id=i["zoneId"])["HostedZone"]["Name"].rstrip(".")
    name = i["name"].rstrip(".")
    full = name if name == zone or name.endswith(f".{zone}") else f"{name}.{zone}" if name else zone
    entry: dict[str, Any] = {"Name": full, **given(i, Type="type", TTL="ttl")}
    if i.get("records"):
        entry["ResourceRecords"] = [{"Value": value} for value in i["records"]]
    for target in i.get("aliases") or ():
        entry["AliasTarget"] = {
            "HostedZoneId": target["zoneId"],
            "DNSName": target["name"],
            "EvaluateTargetHealth": target["evaluateTargetHealth"],
        }
    change = {"Action": "UPSERT" if i.get("allowOverwrite") else "CREATE", "ResourceRecordSet": entry}
    dns.change_resource_record_sets(HostedZoneId=i["zoneId"], ChangeBatch={"Changes": [change]})
    return {}


def _pair(on: Clients, i: Inputs) -> dict[str, Any]:
    vpc = {"VPCId": i["vpcId"], "VPCRegion": i.get("vpcRegion") or on.scope.region}
    return {"HostedZoneId": i["zoneId"], "VPC": vpc}


def _authorized(on: Clients, i: Inputs) -> dict[str, Any]:
    on.of("route53").create_vpc_association_authorization(**_pair(on, i))
    return {}


def _associated(on: Clients, i: Inputs) -> dict[str, Any]:
    on.of("route53").associate_vpc_with_hosted_zone(**_pair(on, i))
    return {}


CALLS = {
    "aws:lb/loadBalancer:LoadBalancer": _balancer,
    "aws:lb/targetGroup:TargetGroup": _targets,
    "aws:lb/listener:Listener": _listener,
    "aws:route53/zone:Zone": _zone,
    "aws:route53/record:Record": _record,
    "aws:route53/vpcAssociationAuthorization:VpcAssociationAuthorization": _authorized,
    "aws:route53/zoneAssociation:ZoneAssociation": _associated,
}
