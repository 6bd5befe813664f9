"""Load balancers that GKE makes of Services, and private links of Google Cloud.

Owns      where a forwarding rule stands, GKE's own firewall rule, and who may connect to a service attachment.
Refuses   Kubernetes behind the node.
"""

import ipaddress

from sandbox.contract import Record
from sandbox.trace.cluster import Kube
from sandbox.trace.front import Front, Source, Spot
from sandbox.trace.gcp_firewall import Rule, check
from sandbox.trace.gcp_routes import way
from sandbox.trace.look import Address, Look, at, hop, host, inside, items, last, meta, network, number, same
from sandbox.trace.places import Client, Net, ranges, subnet_of, subnets
from sandbox.trace.result import Hop, Verdict, broken
from sandbox.trace.strimzi import Service

_G = "networking.gke.io/"
RULE = "gcp:compute/forwardingRule:ForwardingRule"
ADDRESS = "gcp:compute/address:Address"


def _given(look: Look, kube: Kube, service: Service) -> Record | None:
    name = service.annotations.get(f"{_G}load-balancer-ip-addresses")
    found = [one for one in look.where(ADDRESS, name=name) if one.scope.account == kube.record.scope.account]
    return found[0] if name and found else None


def of_service(look: Look, kube: Kube, service: Service) -> Front:
    """The load balancer that GKE makes of a Service."""
    told = service.annotations
    internal = "internal" in {
        told.get(f"{_G}load-balancer-type", "").lower(),
        told.get("cloud.google.com/load-balancer-type", "").lower(),
    }
    given, problem = _given(look, kube, service), ""
    name = told.get(f"{_G}load-balancer-ip-addresses")
    if name and given is None:
        problem = f"address {name} is not there"
    shown = f"load balancer of Service {service.key} ({'internal' if internal else 'external'})"
    fixed = network(given.outputs.get("address")) if given else None
    if not internal:
        address = fixed.network_address if fixed else ipaddress.IPv4Address("198.18.0.0") + number(service.key) % 131072
        return Front("gcp", shown, kube.net, True, ((address, None),), service=service, problem=problem)
    subnet = _subnet(look, kube, told.get(f"{_G}load-balancer-subnet"))
    if subnet is None:
        return Front("gcp", shown, kube.net, False, (), service=service, problem="its subnet is not there")
    address = fixed.network_address if fixed else host(ranges(subnet)[0], 64 + number(service.key) % 160)
    subnet = subnet_of(look, kube.net, address) or subnet
    everywhere = told.get(f"{_G}internal-load-balancer-allow-global-access") == "true"
    return Front("gcp", shown, kube.net, False, ((address, subnet),), (), None, service, everywhere, problem)


def _subnet(look: Look, kube: Kube, name: str | None) -> Record | None:
    if not name:
        return kube.pools[0].subnet if kube.pools else None
    return next((one for one in subnets(look, kube.net) if one.inputs.get("name") == name), None)


def region_hop(client: Client, front: Front) -> Hop | None:
    """An internal load balancer without global access only serves its own region."""
    if front.public or front.everywhere or not front.addresses or client.subnet is None:
        return None
    subnet = front.addresses[0][1]
    here, there = client.subnet.inputs.get("region"), subnet.inputs.get("region") if subnet else None
    if here == there:
        return None
    return hop(
        "balancer", front.told, subnet, "fail", f"it serves clients of {there} only, and the client is in {here}"
    )


def out(look: Look, client: Client, address: Address, port: int) -> list[Hop]:
    """The client's own network lets it out. Its machine is not known, so rules for tags do not hold for it."""
    if client.net is None or client.net.cloud != "gcp":
        return []
    return [check(look, client.net, "client", "EGRESS", client.address, address, port)]


def to_node(look: Look, kube: Kube, front: Front, source: Source, port: int) -> list[Hop]:
    """From a load balancer to a node: packets keep both addresses."""
    service = front.service
    if service is None or port not in service.ports:
        return [hop("balancer", f"port {port}", front.told, "fail", "the Service has no such port")]
    allowed = service.source_ranges or ("0.0.0.0/0",)
    own: list[Rule] = []
    if kube.record.inputs.get("disableL4LbFirewallReconciliation") is not True and inside(source.address, allowed):
        own = [Rule(1000, True, f"GKE's rule for Service {service.key} ({', '.join(allowed)})")]
    hops = [hop("balancer", f"port {port}", front.told, "pass", "forwards to a node")]
    address = front.addresses[0][0]
    for tags in sorted({tuple(items(at(one.record.inputs, "nodeConfig", "tags"))) for one in kube.pools}):
        hops.append(
            check(look, kube.net, f"nodes ({', '.join(tags)})", "INGRESS", address, source.address, port, tags, own)
        )
    return hops


def endpoint(look: Look, value: str, client: Client) -> Record | None:
    """The forwarding rule of a private link that an address means, in the client's network."""
    for one in look.all(RULE):
        if "serviceAttachments/" not in str(one.inputs.get("target")) or _address(look, one) != value:
            continue
        if client.net is not None and same(one.inputs.get("network"), client.net.id):
            return one
    return next(
        (
            one
            for one in look.all(RULE)
            if "serviceAttachments/" in str(one.inputs.get("target")) and _address(look, one) == value
        ),
        None,
    )


def _address(look: Look, rule: Record) -> str:
    told = rule.inputs.get("ipAddress")
    for one in look.all(ADDRESS):
        if same(one.outputs.get("selfLink"), told) or same(one.id, told):
            return str(one.outputs.get("address"))
    return str(rule.outputs.get("ipAddress") or told)


def follow(look: Look, client: Client, rule: Record, port: int) -> tuple[list[Hop], Record | None, Source | None]:
    """To the endpoint and through it: hops, the attachment, and who connects to what is behind it then."""
    address = ipaddress.IPv4Address(_address(look, rule))
    net = Net("gcp", str(rule.inputs.get("network")), None)
    asked = f"{address} from {client.address}"
    if client.net is None or not same(client.net.id, net.id):
        return (
            [hop("route", asked, rule, "fail", f"the endpoint is only reached from {last(net.id)} itself")],
            None,
            None,
        )
    subnet = subnet_of(look, client.net, address)
    hops, _ = way(look, client, Spot(client.net, subnet, address))
    here, there = client.subnet.inputs.get("region") if client.subnet else None, rule.inputs.get("region")
    if here != there and rule.inputs.get("allowPscGlobalAccess") is not True:
        hops.append(hop("endpoint", asked, rule, "fail", f"without global access it serves {there} only"))
    hops += [] if broken(hops) else out(look, client, address, port)
    if broken(hops):
        return hops, None, None
    return _through(look, client, rule, hops)


def _through(
    look: Look, client: Client, rule: Record, hops: list[Hop]
) -> tuple[list[Hop], Record | None, Source | None]:
    target, found = str(rule.inputs.get("target")), _attachments(look, rule)
    if len(found) != 1:
        verdict: Verdict = "unknown" if found else "fail"
        told = f"{len(found)} objects may be meant" if found else "no such service attachment is there"
        return [*hops, hop("endpoint", target, rule, verdict, told)], None, None
    hops = [*hops, _accepted(rule, found[0])]
    nat = None if broken(hops) else _nat(look, found[0])
    if nat is None or nat.inputs.get("purpose") != "PRIVATE_SERVICE_CONNECT":
        why = "its purpose is not PRIVATE_SERVICE_CONNECT" if nat else "it is not there"
        more = [] if broken(hops) else [hop("endpoint", "NAT subnet", nat or found[0], "fail", why)]
        return [*hops, *more], None, None
    return hops, found[0], Source(host(ranges(nat)[0], 2), client)


def _attachments(look: Look, rule: Record) -> list[Record]:
    """What a target names. GKE makes up the name of an attachment, so that several of a place may be meant."""
    target = str(rule.inputs.get("target"))
    for one in look.all("gcp:compute/serviceAttachment:ServiceAttachment"):
        if same(one.id, target) or same(one.outputs.get("selfLink"), target):
            return [one]
    objects = look.clusters("ServiceAttachment")
    told = [one for one in objects if same(at(one.outputs, "status", "serviceAttachmentURL"), target)]
    return told or [one for one in objects if _made_of(one, target)]


def _made_of(one: Record, target: str) -> bool:
    """Whether GKE may have made an attachment of this object: in its project and region, with its name inside."""
    parts, home = target[target.find("projects/") :].split("/"), one.scope.account.split("/")
    if len(home) < 4 or len(parts) < 4 or (home[1], home[3]) != (parts[1], parts[3]):
        return False
    name, shown = str(meta(one, "name")), last(target)
    return shown == name or (shown.startswith("k8s1-") and str(meta(one, "namespace"))[:6] in shown)


def _accepted(rule: Record, attachment: Record) -> Hop:
    """Whether the attachment takes a consumer's project, by its lists."""
    spec = attachment.inputs.get("spec") or attachment.inputs
    project = str(rule.inputs.get("project") or rule.scope.account)
    asked = f"{last(rule.id)} to {last(attachment.id)}"
    if spec.get("connectionPreference") == "ACCEPT_AUTOMATIC":
        return hop("endpoint", asked, attachment, "pass", "every project is accepted by itself")
    told = [*items(spec.get("consumerAllowList")), *items(spec.get("consumerAcceptLists"))]
    allowed = [str(one.get("project") or one.get("projectIdOrNum") or one.get("networkUrl")) for one in told]
    rejected = [str(one) for one in [*items(spec.get("consumerRejectList")), *items(spec.get("consumerRejectLists"))]]
    if project in rejected:
        return hop("endpoint", asked, attachment, "fail", f"REJECTED: project {project} is on its reject list")
    if project not in allowed:
        return hop(
            "endpoint",
            asked,
            attachment,
            "fail",
            f"PENDING: project {project} is not on its accept list ({', '.join(allowed) or 'empty'})",
        )
    return hop("endpoint", asked, attachment, "pass", f"project {project} is on its accept list")


def _nat(look: Look, attachment: Record) -> Record | None:
    spec = attachment.inputs.get("spec") or attachment.inputs
    for name in items(spec.get("natSubnets")):
        for one in look.all("gcp:compute/subnetwork:Subnetwork"):
            project = (
                attachment.scope.account.split("/")[1] if "/" in attachment.scope.account else attachment.scope.account
            )
            if same(one.id, name) or (last(name) == one.inputs.get("name") and one.scope.account == project):
                return one
    return None


def service_behind(attachment: Record) -> str:
    """Namespace and name of the Service that an attachment of Kubernetes is for."""
    told = at(attachment.inputs, "spec", "resourceRef", "name")
    return f"{meta(attachment, 'namespace')}/{told}" if told else ""
