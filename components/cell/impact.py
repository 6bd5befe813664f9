"""What a changed field of a cell does, on any cloud. Each field has a rule: none is judged by silence.

Owns      the rules of the fields that every cloud has, and who is asked: the cloud's own rules first.
Refuses   what the change does to clusters on the cell (their own stacks say it), and the engine's word on replacements,
          which `fleet preview` has.
"""

from components import catalog
from components.cell.impact_rule import FieldRule, choose, nodes, once
from components.cell.spec import CellBody
from components.impact.contract import (
    DELETES,
    DYNAMIC,
    IRREVERSIBLE,
    MISSING,
    NONE,
    REPLACES,
    ROLLS_BROKERS,
    ROLLS_CONTROLLERS,
    Effect,
    ObjectChange,
    rolls,
)

_PROVIDERS = "schemas of the stock Pulumi providers: what replaces a resource"
_SKEW = "Kubernetes, version skew policy; each cloud's upgrade of node pools"
_STRIMZI = "Strimzi, 'Deploying and Managing': upgrading the Cluster Operator rolls all operands"
_OURS = "this repository: components/clouds"

_SETTING, _BALANCER = once("setting"), once("load balancer")


def _fixed(path: str) -> FieldRule:
    return FieldRule(path, IRREVERSIBLE, "is for the life of the cell: all of it would be made anew", source=_PROVIDERS)


def _named(path: str, why: str, source: str = _OURS) -> FieldRule:
    return FieldRule(path, DYNAMIC, why, _SETTING, source)


_TAG = "is a tag on everything: changed in place"

RULES: tuple[FieldRule, ...] = (
    # What a file says about itself.
    _named("environment", _TAG),
    _named("cost_center", _TAG),
    _named("production", "decides what is protected: settings of the engine, and deletion protection of the cloud"),
    _named("lifecycle", "decides what is protected and what may be placed here: nothing restarts"),
    _named("retirement", "decides what is protected and how soon the cell may go: nothing restarts"),
    FieldRule("profile", NONE, "chooses a starting point: what follows from it is told at its own fields"),
    _fixed("cloud"),
    _fixed("account"),
    _fixed("region"),
    FieldRule("zones", DYNAMIC, "adds subnets and node pools beside those that stand", nodes("kafka_nodes"), _OURS),
    # Addresses and ways in.
    _fixed("network.address_block"),
    _fixed("network.layout"),
    _fixed("network.existing"),
    _fixed("network.ip_family"),
    FieldRule(
        "network.reachability",
        REPLACES,
        "changes the ways in: addresses and names of clusters come and go, each cluster's stack says which",
        _BALANCER,
        _OURS,
    ),
    _named("network.fan_out", "is the default of listeners: each cluster's stack says what moves"),
    _named("network.allowed_cidrs", "opens or closes the way in for source ranges: firewalls, in place"),
    FieldRule("network.peerings", DYNAMIC, "are ways to other networks", _BALANCER, _OURS, removed=DELETES),
    FieldRule("network.links", DYNAMIC, "are endpoints of others' services", _BALANCER, _OURS, removed=DELETES),
    FieldRule(
        "network.peerings.*",
        REPLACES,
        "is the peering itself: it is made anew, and nothing is routed meanwhile",
        _BALANCER,
        _PROVIDERS,
        added=DYNAMIC,
        removed=DELETES,
    ),
    _named("network.peerings.*.cidrs", "adds or removes routes and openings, in place"),
    _named("network.peerings.*.dns", "shares the cell's names with the other network or not, in place"),
    _named("network.peerings.*.route_tables", "adds or removes routes in the other network"),
    _named("network.peerings.*.principal", "is who acts in the other account"),
    FieldRule(
        "network.hub",
        REPLACES,
        "is the attachment to the hub: it is made anew, and nothing is routed meanwhile",
        _BALANCER,
        _PROVIDERS,
        added=DYNAMIC,
        removed=DELETES,
    ),
    _named("network.hub.cidrs", "adds or removes routes and openings, in place"),
    FieldRule(
        "network.hub.new",
        REPLACES,
        "is the hub itself, to which others are attached",
        _BALANCER,
        _PROVIDERS,
        removed=DELETES,
    ),
    _named("network.hub.new.shared_with", "is who may attach, in place"),
    FieldRule(
        "network.privatelink",
        REPLACES,
        "is the endpoint service itself: consumers' endpoints end with it",
        _BALANCER,
        _PROVIDERS,
        added=DYNAMIC,
        removed=DELETES,
    ),
    _named("network.privatelink.consumers", "is who may connect, in place"),
    _named("network.privatelink.acceptance", "is how connections are accepted, in place"),
    _named("network.privatelink.accepted", "accepts or rejects connections, in place"),
    _named("network.privatelink.connections_per_consumer", "is a limit of the endpoint service, in place"),
    FieldRule(
        "network.links.*",
        REPLACES,
        "is an endpoint of this network and the names that lead to it: both are made anew",
        _BALANCER,
        _PROVIDERS,
        added=DYNAMIC,
        removed=DELETES,
    ),
    FieldRule(
        "network.gateway",
        DYNAMIC,
        "is the gateway of the cell: its load balancer, and pods on the system nodes",
        _BALANCER,
        _OURS,
        removed=DELETES,
    ),
    _named("network.gateway.broker_ports", "opens or closes ports of the gateway, in place"),
    _named("network.gateway.replicas", "adds or removes proxy pods; connections through those that go are cut"),
    FieldRule("network.isolated", NONE, "is a promise that laws hold the network to: nothing is made of it"),
    _named("network.egress", "is where pods may connect to: firewalls and policies, in place"),
    FieldRule(
        "network.nat",
        REPLACES,
        "makes and removes NAT gateways: the addresses that others see change, and open connections end",
        _BALANCER,
        _PROVIDERS,
    ),
    _named("network.flow_logs_retention_days", "is how long logs are kept, in place"),
    # Kubernetes.
    FieldRule(
        "kubernetes.version",
        ROLLS_BROKERS,
        "upgrades the control plane and then every node: each is drained, so every broker restarts once",
        nodes("kafka_nodes", "system_nodes", first="control plane"),
        _SKEW,
    ),
    FieldRule(
        "kubernetes.api",
        DYNAMIC,
        "opens or closes the Kubernetes API to the outside, in place: pods do not notice",
        once("control plane setting"),
        _PROVIDERS,
    ),
    FieldRule(
        "kubernetes.api_allowed_cidrs",
        DYNAMIC,
        "is who may reach the Kubernetes API, in place",
        once("control plane setting"),
        _PROVIDERS,
    ),
    FieldRule(
        "kubernetes.kafka_nodes.machine",
        ROLLS_BROKERS,
        "changes every Kafka node one after the other: each is drained, so every broker restarts once",
        nodes("kafka_nodes"),
        _OURS,
    ),
    FieldRule(
        "kubernetes.system_nodes.machine",
        rolls("services"),
        "changes every system node one after the other: operator, add-ons and stateless services move",
        nodes("system_nodes"),
        _OURS,
    ),
    _named("kubernetes.kafka_nodes", "is how many Kafka nodes there may be"),
    _named("kubernetes.system_nodes", "is how many system nodes there may be"),
    _named("kubernetes.access", "is who may apply stacks: entries and role bindings, in place"),
    _named("kubernetes.log_retention_days", "is how long logs are kept, in place"),
    _named("kubernetes.apis", "is what others have installed: objects for it are added or removed"),
    # The operator.
    FieldRule(
        "strimzi.version",
        ROLLS_CONTROLLERS,
        "is the operator of every cluster on the cell: with another version its images change, and all controllers, "
        "brokers and workers restart one by one",
        once("operator"),
        _STRIMZI,
    ),
    FieldRule(
        "strimzi.chart_digest",
        rolls("operator"),
        "pins the chart: the release is upgraded, the operator's pods restart, and brokers do not",
        once("operator"),
        _OURS,
    ),
    FieldRule(
        "strimzi.image_registry",
        ROLLS_CONTROLLERS,
        "is where every image is pulled from: a changed image restarts the operator and all its operands, one by one",
        once("operator"),
        _STRIMZI,
    ),
)


def judge(change: ObjectChange, body: CellBody) -> Effect | None:
    """The effect of one changed field (kind `Cell`, path from the root of the cell); None where no rule speaks for it.

    `body` is the cell as it was or as it will be: its node pools are what estimates count.
    """
    cloud = catalog.clouds().get(body.cloud)
    if cloud is not None and cloud.impact:
        found: Effect | None = catalog.load(cloud.impact)(change, body)
        if found is not None:
            return found
    special = _values(change)
    rule = special or choose(RULES, change.path)
    return rule.effect(change, body) if rule is not None else None


def _values(change: ObjectChange) -> FieldRule | None:
    """Where it is the values that decide, and not the field alone."""
    if change.path == ("zones",) and _gone(change):
        return FieldRule("zones", IRREVERSIBLE, "loses a zone: its subnets, nodes and brokers go", source=_PROVIDERS)
    if change.path == ("network", "reachability"):
        plain = {"private", "peering", "hub", MISSING}
        if change.old in plain and change.new in plain:
            return _named("network.reachability", "joins the network to others or not: clusters keep their addresses")
        if change.old in plain:
            return FieldRule("network.reachability", DYNAMIC, "adds a way in beside those that stand", _BALANCER, _OURS)
    pool = change.path[:2] in (("kubernetes", "kafka_nodes"), ("kubernetes", "system_nodes"))
    fewer = isinstance(change.old, int) and isinstance(change.new, int) and change.new < change.old
    if pool and change.path[-1] == "most_per_zone" and fewer:
        kafka = change.path[1] == "kafka_nodes"
        return FieldRule(
            ".".join(map(str, change.path)),
            ROLLS_BROKERS if kafka else rolls("services"),
            "takes nodes away: what runs on them is drained and moves to the others",
            nodes(str(change.path[1])),
            _OURS,
        )
    return None


def _gone(change: ObjectChange) -> bool:
    old, new = change.old, change.new
    return isinstance(old, list | tuple) and isinstance(new, list | tuple) and bool(set(old) - set(new))
