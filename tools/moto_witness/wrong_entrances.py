"""Wrong load balancers, zones and records: one thing is wrong with each.

Owns      the list; every one is such that what moto takes of it is in the way of none after it.
Refuses   verdicts: what both witnesses say is found by asking them.
"""

from typing import Any

from tools.moto_witness.program import THEIRS
from tools.moto_witness.wrong import NONE, Made, Wrong

_BALANCER = "lb/loadBalancer:LoadBalancer"
_TARGETS = "lb/targetGroup:TargetGroup"
_LISTENER = "lb/listener:Listener"
_ZONE = "route53/zone:Zone"
_RECORD = "route53/record:Record"
_SEEN = "route53/zoneAssociation:ZoneAssociation"
_ARN = "arn:aws:elasticloadbalancing:eu-west-1:111122223333"


def _balancer(made: Made, **changed: Any) -> dict[str, Any]:
    said = {"name": "more", "internal": True, "loadBalancerType": "network", "subnets": [made["our-a"].id]}
    return {**said, **changed}


def _listener(made: Made, **changed: Any) -> dict[str, Any]:
    actions = [{"type": "forward", "targetGroupArn": made["targets"].id}]
    return {
        "loadBalancerArn": made["balancer"].id,
        "port": 9100,
        "protocol": "TCP",
        "defaultActions": actions,
    } | changed


def _targets(made: Made, **changed: Any) -> dict[str, Any]:
    said = {"name": "more", "port": 31100, "protocol": "TCP", "targetType": "instance", "vpcId": made["our"].id}
    return {**said, **changed}


ENTRANCES = [
    Wrong("a load balancer of a name that is taken", _BALANCER, lambda m: _balancer(m, name="gateway")),
    Wrong("a load balancer with too long a name", _BALANCER, lambda m: _balancer(m, name="x" * 33)),
    Wrong("a load balancer without subnets", _BALANCER, lambda m: _balancer(m, subnets=[])),
    Wrong(
        "a load balancer in a subnet that is not there",
        _BALANCER,
        lambda m: _balancer(m, subnets=[f"subnet-{NONE}"]),
    ),
    Wrong("a target group of a name that is taken", _TARGETS, lambda m: _targets(m, name="gateway-443")),
    Wrong("a target group in a network that is not there", _TARGETS, lambda m: _targets(m, vpcId=f"vpc-{NONE}")),
    Wrong("a target group of an unknown protocol", _TARGETS, lambda m: _targets(m, protocol="SCTP")),
    Wrong(
        "a listener for a target group that is not there",
        _LISTENER,
        lambda m: _listener(
            m,
            defaultActions=[{"type": "forward", "targetGroupArn": f"{_ARN}:targetgroup/none/0123456789abcdef"}],
        ),
    ),
    Wrong(
        "a listener of a load balancer that is not there",
        _LISTENER,
        lambda m: _listener(m, loadBalancerArn=f"{_ARN}:loadbalancer/net/none/0123456789abcdef"),
    ),
    Wrong("a second listener on a port", _LISTENER, lambda m: _listener(m, port=443)),
    Wrong("a listener of an application's protocol", _LISTENER, lambda m: _listener(m, protocol="HTTP")),
    Wrong("a zone of no name", _ZONE, lambda m: {"name": "our..internal", "vpcs": [{"vpcId": m["our"].id}]}),
    Wrong(
        "a second zone of a name in a network",
        _ZONE,
        lambda m: {"name": "our.kafka.internal", "vpcs": [{"vpcId": m["our"].id}]},
    ),
    Wrong(
        "a record that is there",
        _RECORD,
        lambda m: {
            "zoneId": m["zone"].id,
            "name": "*.our.kafka.internal",
            "type": "A",
            "ttl": 60,
            "records": ["10.0.0.9"],
        },
    ),
    Wrong(
        "a record in a zone that is not there",
        _RECORD,
        {"zoneId": "Z0123456789ABCDEFGHIJ", "name": "a", "type": "A", "ttl": 60, "records": ["10.0.0.9"]},
    ),
    Wrong(
        "a record with no address",
        _RECORD,
        lambda m: {"zoneId": m["zone"].id, "name": "a", "type": "A", "ttl": 60, "records": ["ten"]},
    ),
    Wrong(
        "an association with a zone of another account, not let in",
        _SEEN,
        lambda m: {"zoneId": m["zone"].id, "vpcId": m["their"].id},
        THEIRS,
    ),
    Wrong(
        "an association with a public zone",
        _SEEN,
        lambda m: {"zoneId": m["public-zone"].id, "vpcId": m["our"].id},
    ),
]
