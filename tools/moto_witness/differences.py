"""Where the two witnesses differ, and why. A test fails for a difference that is not here, and for one that is gone.

Owns      a reason for each: what moto does not look at, with where AWS says that it does.
Refuses   excuses for the sandbox: where moto was right and we were not, the law was changed.
"""

_EC2 = "Amazon EC2 API, 'Error codes'"
_VPC = "Amazon VPC user guide"
_TGW = "AWS Transit Gateway guide"
_ELB = "Elastic Load Balancing API"
_R53 = "Route 53 API"

GOOD = {
    "shared": "moto cannot add a resource to a share that is there (AssociateResourceShare is not built)",
    "with": "moto cannot add an account to a share that is there (AssociateResourceShare is not built)",
    "let-in": "moto has no CreateVPCAssociationAuthorization",
    "seen-by-us": "moto's zones belong to one account: it does not find the other's, authorized or not",
}
"""Of the good program, by the resource's name: what the sandbox made and moto did not."""

CELLS = {
    "aws-euw1-prod-peering-team-dns-allowed": GOOD["let-in"],
    "aws-euw1-prod-peering-team-dns": GOOD["seen-by-us"],
    "aws-euw1-prod-hub-shared": GOOD["shared"],
    "aws-euw1-prod-hub-shared-with-999988887777": GOOD["with"],
}
"""Of what the components make, by the resource's name: what the sandbox made and moto did not."""

WRONG = {
    "a second range over the first": f"moto compares no ranges of one network ({_VPC}, 'VPC CIDR blocks')",
    "a second range over a peer's": f"moto does not look at peers' ranges ({_VPC}, 'VPC CIDR blocks': restrictions)",
    "a subnet of a /29": f"moto has no smallest subnet ({_VPC}, 'Subnet CIDR blocks': /28 to /16)",
    "a second internet gateway": f"moto attaches any number ({_EC2}: Resource.AlreadyAssociated)",
    "a route to a nat gateway that is not there": f"moto takes any id ({_EC2}: InvalidNatGatewayID.NotFound)",
    "a route to a peering of other networks": "moto does not ask which networks the peering connects",
    "a route to a hub that is not there": f"moto takes any id ({_EC2}: InvalidTransitGatewayID.NotFound)",
    "a route to a hub without an attachment": f"moto does not ask for one ({_TGW}, 'VPC attachments')",
    "a route inside of the network itself": f"moto does not compare with the local route ({_VPC}, 'Route priority')",
    "a second table for a subnet": f"moto replaces the first silently ({_EC2}: Resource.AlreadyAssociated)",
    "a table of another network for a subnet": "moto does not compare the networks of table and subnet",
    "a rule for ports that are none": f"moto takes any number ({_EC2}: InvalidParameterValue)",
    "a peering with itself": f"moto does not compare ranges ({_VPC}, 'VPC peering limitations')",
    "a second peering of two networks": f"moto makes any number ({_EC2}: VpcPeeringConnectionAlreadyExists)",
    "options of a peering that waits": f"moto sets options in any state ({_EC2}: OperationNotPermitted)",
    "a hub with a number that is taken": f"moto takes any number ({_TGW}: 64512-65534, 4200000000-4294967294)",
    "an attachment with another network's subnet": "moto does not ask whose the subnets are",
    "a second association of an attachment": f"moto replaces the first ({_EC2}: Resource.AlreadyAssociated)",
    "a propagation that is there": f"moto enables it again ({_EC2}: TransitGatewayRouteTablePropagation.Duplicate)",
    "a hub's route that is there": f"moto replaces the first ({_EC2}: RouteAlreadyExists)",
    "a share of what is no resource": "moto has no AssociateResourceShare; the ARN is judged only when a share is made",
    "a share with nobody": "moto has no AssociateResourceShare; principals are judged only when a share is made",
    "an endpoint of a service that is not there": f"moto takes any name ({_EC2}: InvalidServiceName)",
    "an endpoint of an account that is not let in": f"moto does not ask for principals ({_EC2}: InvalidServiceName)",
    "a load balancer of a name that is taken": f"moto makes a second one ({_ELB}: DuplicateLoadBalancerName)",
    "a load balancer with too long a name": f"moto measures no name here ({_ELB}, CreateLoadBalancer: 32 characters)",
    "a second listener on a port": f"moto makes a second one ({_ELB}: DuplicateListener)",
    "a zone of no name": f"moto takes any text ({_R53}: InvalidDomainName)",
    "a second zone of a name in a network": f"moto does not compare zones ({_R53}: ConflictingDomainExists)",
    "a record that is there": f"moto compares no alias with other records ({_R53}: InvalidChangeBatch)",
    "a record with no address": f"moto does not read values ({_R53}: InvalidChangeBatch)",
}
"""Of the wrong requests: what the sandbox refuses and moto does not."""

BY_ACCIDENT = {
    "a security group for a network that is not there": (
        "moto makes the group without its network, and then misses the rule that the provider takes away"
    ),
    "an association with a zone of another account, not let in": (
        "moto's zones belong to one account: it would refuse it after an authorization too"
    ),
}
"""Both refuse, and moto for a reason of its own: no agreement to lean on."""
