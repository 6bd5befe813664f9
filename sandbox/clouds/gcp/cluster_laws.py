"""What GKE refuses about a cluster.

Owns      laws on places, addresses, versions, encryption, endpoints, maintenance and deletion.
Refuses   what the API model says already (enumerations, patterns).
"""

import datetime
import ipaddress
import re
from collections.abc import Iterator

from sandbox.clouds.gcp import ranges, tokens
from sandbox.clouds.gcp.links import (
    cidr,
    existing,
    network_name,
    project,
    regional_name,
    relative,
    segment,
    value,
    values,
)
from sandbox.clouds.gcp.rules import DELETE, SHAPE, WORLD, on, refusal
from sandbox.clouds.gcp.versions import CHANNELS, minor
from sandbox.contract import Record, Refusal, Request, World

ENCRYPTER = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
LEAST_HOURS, IN_DAYS = 48, 32
LEAST_WINDOW_HOURS = 4


@on(*SHAPE)
def places(request: Request, _: World) -> Iterator[Refusal]:
    """A region, and zones of it."""
    where = request.inputs.get("location")
    if not isinstance(where, str):
        return
    if not re.fullmatch(r"[a-z]+-[a-z]+\d{1,2}", where):
        yield refusal("INVALID_ARGUMENT", f"location '{where}' is not a region", ("location",))
        return
    for at, zone in values(request.inputs, "nodeLocations[]"):
        if not re.fullmatch(rf"{where}-[a-z]", zone):
            yield refusal("INVALID_ARGUMENT", f"zone '{zone}' is not in region '{where}'", at)


@on(*SHAPE)
def versions(request: Request, _: World) -> Iterator[Refusal]:
    """A version that the channel offers; control planes go up one minor version at a time and never down."""
    wanted, channel = request.inputs.get("minMasterVersion"), value(request.inputs, "releaseChannel.channel")
    if not isinstance(wanted, str):
        return
    number, bounds = minor(wanted), CHANNELS.get(str(channel or "UNSPECIFIED"))
    if number is None or (bounds and not bounds[0] <= number <= bounds[1]):
        offered = f"1.{bounds[0]} to 1.{bounds[1]}" if bounds else "none"
        message = f"master version '{wanted}' is unsupported in channel {channel or 'UNSPECIFIED'} (offered: {offered})"
        yield refusal("INVALID_ARGUMENT", message, ("minMasterVersion",))
    current = minor(str(request.old.outputs.get("masterVersion", "")).split("-")[0]) if request.old else None
    if number is not None and current is not None and number > current + 1:
        message = f"the control plane is at 1.{current}: it goes to 1.{current + 1} before '{wanted}'"
        yield refusal("INVALID_ARGUMENT", message, ("minMasterVersion",))
    if number is not None and current is not None and number < current:
        message = f"the control plane is at 1.{current} and cannot be downgraded to '{wanted}'"
        yield refusal("INVALID_ARGUMENT", message, ("minMasterVersion",))


@on(*SHAPE)
def control_plane_range(request: Request, _: World) -> Iterator[Refusal]:
    """A private /28."""
    path = "privateClusterConfig.masterIpv4CidrBlock"
    for at, text in values(request.inputs, path):
        net = cidr(text)
        if net is None or net.prefixlen != 28:
            yield refusal("INVALID_ARGUMENT", f"master CIDR '{text}' must be a /28", at)
        elif not net.is_private:
            yield refusal("INVALID_ARGUMENT", f"master CIDR '{text}' must be a private range", at)


@on(*WORLD)
def addresses(request: Request, world: World) -> Iterator[Refusal]:
    """Secondary ranges exist in the subnetwork, that is in the network and the region; the control plane's is free."""
    name = request.inputs.get("subnetwork")
    location = str(request.inputs.get("location"))
    if not isinstance(name, str):
        return
    subnetwork = regional_name(name, "subnetworks", project(request), location)
    found = existing(world, tokens.SUBNETWORK, subnetwork, request)
    if found is None:
        return
    if segment(subnetwork, "regions") != location:
        message = f"subnetwork '{subnetwork}' is not in the cluster's region '{location}'"
        yield refusal("INVALID_ARGUMENT", message, ("subnetwork",))
    network = network_name(str(request.inputs.get("network", "default")), project(request))
    if network_name(str(found.inputs.get("network")), project(request)) != network:
        message = f"subnetwork '{subnetwork}' does not belong to network '{network}'"
        yield refusal("INVALID_ARGUMENT", message, ("subnetwork",))
    purpose = found.inputs.get("purpose")
    if purpose != "PRIVATE":
        message = f"subnetwork '{subnetwork}' has purpose {purpose}: nodes need one of purpose PRIVATE"
        yield refusal("INVALID_ARGUMENT", message, ("subnetwork",))
    yield from _secondary(request, found)
    yield from _control_plane_free(request, world, network)


def _secondary(request: Request, subnetwork: Record) -> Iterator[Refusal]:
    names = {item.get("rangeName") for item in subnetwork.inputs.get("secondaryIpRanges") or ()}
    used = []
    for kind in ("clusterSecondaryRangeName", "servicesSecondaryRangeName"):
        for at, name in values(request.inputs, f"ipAllocationPolicy.{kind}"):
            used.append(name)
            if name not in names:
                have = ", ".join(sorted(str(n) for n in names)) or "none"
                message = f"secondary range '{name}' does not exist in '{subnetwork.id}' (it has: {have})"
                yield refusal("INVALID_ARGUMENT", message, at)
    if len(used) == 2 and used[0] == used[1]:
        at = ("ipAllocationPolicy", "servicesSecondaryRangeName")
        yield refusal("INVALID_ARGUMENT", f"pods and services cannot share the secondary range '{used[0]}'", at)


def _control_plane_free(request: Request, world: World, network: str) -> Iterator[Refusal]:
    path = "privateClusterConfig.masterIpv4CidrBlock"
    net = cidr(value(request.inputs, path))
    if net is None:
        return
    for other in world.all(tokens.SUBNETWORK, request.scope):
        if network_name(str(other.inputs.get("network")), project(request)) == network:
            clash = next((r for _, r in ranges.of(other.inputs) if r.overlaps(net)), None)
            if clash is not None:
                message = f"master CIDR {net} overlaps {clash} of subnetwork '{other.id}'"
                yield refusal("INVALID_ARGUMENT", message, tuple(path.split(".")))
    for other in world.all(tokens.CLUSTER, request.scope):
        taken = cidr(value(other.inputs, path))
        itself = request.old is not None and request.old.id == other.id
        same = relative(str(other.inputs.get("network"))) == network
        if taken is not None and same and not itself and taken.overlaps(net):
            message = f"master CIDR {net} overlaps that of cluster '{other.id}'"
            yield refusal("INVALID_ARGUMENT", message, tuple(path.split(".")))


@on(*SHAPE)
def endpoints(request: Request, _: World) -> Iterator[Refusal]:
    """A private endpoint needs private nodes and authorized networks; every authorized range is canonical."""
    private = value(request.inputs, "privateClusterConfig") or {}
    if private.get("enablePrivateEndpoint") is True:
        flag = ("privateClusterConfig", "enablePrivateEndpoint")
        if private.get("enablePrivateNodes") is not True:
            yield refusal("INVALID_ARGUMENT", "a private endpoint needs enablePrivateNodes", flag)
        if "masterAuthorizedNetworksConfig" not in request.inputs:
            message = "master authorized networks must be enabled when the private endpoint is"
            yield refusal("INVALID_ARGUMENT", message, flag)
    for at, text in values(request.inputs, "masterAuthorizedNetworksConfig.cidrBlocks[].cidrBlock"):
        if cidr(text) is None:
            yield refusal("INVALID_ARGUMENT", f"authorized network '{text}' is not an IPv4 range", at)
        elif ipaddress.IPv4Network(text).prefixlen == 0:
            yield refusal("open-to-everyone", "authorized network '0.0.0.0/0' opens the API to everyone", at)


@on(*SHAPE)
def data_plane(request: Request, _: World) -> Iterator[Refusal]:
    """Dataplane V2 has network policy built in; workload identity knows one pool a project."""
    advanced = request.inputs.get("datapathProvider") == "ADVANCED_DATAPATH"
    calico = value(request.inputs, "networkPolicy.enabled") is True
    if advanced and calico:
        yield refusal("INVALID_ARGUMENT", "network policy cannot be enabled with ADVANCED_DATAPATH", ("networkPolicy",))
    path = "workloadIdentityConfig.workloadPool"
    for at, pool in values(request.inputs, path):
        if pool != f"{project(request)}.svc.id.goog":
            message = f"workload pool '{pool}' must be '{project(request)}.svc.id.goog'"
            yield refusal("INVALID_ARGUMENT", message, at)


@on(*SHAPE)
def default_pool(request: Request, _: World) -> Iterator[Refusal]:
    """The default pool that is removed has to be made first."""
    if request.inputs.get("removeDefaultNodePool") is True and not request.inputs.get("initialNodeCount"):
        message = "removeDefaultNodePool needs an initialNodeCount of at least 1"
        yield refusal("INVALID_ARGUMENT", message, ("initialNodeCount",))
    first = request.inputs.get("initialNodeCount")
    if isinstance(first, int) and not 0 <= first <= 1000:
        message = f"initialNodeCount {first}: a zone of a pool takes 0 to 1000 nodes"
        yield refusal("INVALID_ARGUMENT", message, ("initialNodeCount",))
    pods = request.inputs.get("defaultMaxPodsPerNode")
    if isinstance(pods, int) and not 8 <= pods <= 256:
        message = f"max pods per node {pods} must be between 8 and 256"
        yield refusal("INVALID_ARGUMENT", message, ("defaultMaxPodsPerNode",))


@on(*SHAPE)
def database_encryption(request: Request, _: World) -> Iterator[Refusal]:
    """ENCRYPTED needs a key, of the cluster's region."""
    found = value(request.inputs, "databaseEncryption") or {}
    key = found.get("keyName")
    if found.get("state") == "ENCRYPTED" and key is None:
        message = "databaseEncryption state ENCRYPTED needs a keyName"
        yield refusal("INVALID_ARGUMENT", message, ("databaseEncryption", "keyName"))
    where = request.inputs.get("location")
    if isinstance(key, str) and isinstance(where, str) and segment(key, "locations") not in (where, "global"):
        message = f"key '{key}' is not in the cluster's region '{where}'"
        yield refusal("INVALID_ARGUMENT", message, ("databaseEncryption", "keyName"))


def may_encrypt(request: Request, world: World, key: str, agent: str) -> bool:
    """Whether Google's agent of that domain was granted the key."""
    return any(
        relative(str(grant.inputs.get("cryptoKeyId"))) == relative(key)
        and grant.inputs.get("role") == ENCRYPTER
        and str(grant.inputs.get("member")).endswith(f"@{agent}.iam.gserviceaccount.com")
        for grant in world.all(tokens.CRYPTO_KEY_MEMBER, request.scope)
    )


@on(*WORLD)
def keys_usable(request: Request, world: World) -> Iterator[Refusal]:
    """GKE's agent encrypts the database, Compute Engine's the disks; each needs its grant first."""
    wanted = (("databaseEncryption.keyName", "container-engine-robot"), ("nodeConfig.bootDiskKmsKey", "compute-system"))
    for path, agent in wanted:
        for at, key in values(request.inputs, path):
            if not may_encrypt(request, world, key, agent):
                message = f"Cloud KMS key '{key}' cannot be used by the {agent} service agent: it lacks {ENCRYPTER}"
                yield refusal("PERMISSION_DENIED", message, at)


@on(*SHAPE)
def maintenance(request: Request, _: World) -> Iterator[Refusal]:
    """GKE wants 48 hours in 32 days, in windows of four hours or more."""
    window = value(request.inputs, "maintenancePolicy.recurringWindow") or {}
    texts = [window.get(name) for name in ("startTime", "endTime", "recurrence")]
    if not all(isinstance(text, str) for text in texts):
        return
    at = ("maintenancePolicy", "recurringWindow")
    try:
        start, end = (datetime.datetime.fromisoformat(str(text)) for text in texts[:2])
    except ValueError:
        yield refusal("INVALID_ARGUMENT", f"'{texts[0]}' to '{texts[1]}' are not times like 2026-01-01T02:00:00Z", at)
        return
    hours = (end - start).total_seconds() / 3600
    rule = dict(part.partition("=")[::2] for part in str(texts[2]).split(";"))
    days = {"DAILY": 7, "WEEKLY": len([d for d in rule.get("BYDAY", "").split(",") if d])}.get(rule.get("FREQ", ""))
    if days is None:
        yield refusal("INVALID_ARGUMENT", f"recurrence '{texts[2]}' must be FREQ=DAILY or FREQ=WEEKLY;BYDAY=…", at)
    elif not LEAST_WINDOW_HOURS <= hours <= 24 or hours * days * IN_DAYS / 7 < LEAST_HOURS:
        message = f"{days} window(s) a week of {hours:g} h are less than {LEAST_HOURS} h in {IN_DAYS} days"
        yield refusal("INVALID_ARGUMENT", f"{message}, or a window is shorter than {LEAST_WINDOW_HOURS} h", at)


@on(*SHAPE)
def exclusions(request: Request, _: World) -> Iterator[Refusal]:
    """What the API has as a mapping by name: enumerations, and no name twice."""
    seen: set[str] = set()
    allowed = {
        "scope": ("NO_UPGRADES", "NO_MINOR_UPGRADES", "NO_MINOR_OR_NODE_UPGRADES"),
        "endTimeBehavior": ("UNTIL_END_OF_SUPPORT",),
    }
    for at, item in values(request.inputs, "maintenancePolicy.maintenanceExclusions[]"):
        name = str(item.get("exclusionName"))
        if name in seen:
            yield refusal("INVALID_ARGUMENT", f"two maintenance exclusions are called '{name}'", at)
        seen.add(name)
        options = item.get("exclusionOptions") or {}
        for key, words in allowed.items():
            if isinstance(options.get(key), str) and options[key] not in words:
                message = f"exclusion {key} '{options[key]}' must be one of {', '.join(words)}"
                yield refusal("INVALID_ARGUMENT", message, (*at, "exclusionOptions", key))
        for key in ("startTime", "endTime"):
            if isinstance(item.get(key), str) and not _is_time(item[key]):
                message = f"exclusion {key} '{item[key]}' is not a time like 2026-01-01T02:00:00Z"
                yield refusal("INVALID_ARGUMENT", message, (*at, key))
        if "endTime" not in item and options.get("endTimeBehavior") != "UNTIL_END_OF_SUPPORT":
            yield refusal("INVALID_ARGUMENT", f"exclusion '{name}' needs an endTime", at)


def _is_time(text: str) -> bool:
    try:
        return datetime.datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


@on(*SHAPE)
def networking(request: Request, _: World) -> Iterator[Refusal]:
    """The provider's own word for whether pods have ranges of the network."""
    mode = request.inputs.get("networkingMode")
    if isinstance(mode, str) and mode not in ("VPC_NATIVE", "ROUTES"):
        yield refusal("invalid", f"networkingMode '{mode}' must be VPC_NATIVE or ROUTES", ("networkingMode",))


@on(*DELETE)
def deletion_protection(request: Request, _: World) -> Iterator[Refusal]:
    """The provider refuses; the flag in its state counts, not the one in the program."""
    if request.old is not None and request.old.inputs.get("deletionProtection", True) is True:
        yield refusal(
            "deletion-protection",
            "cannot destroy cluster because deletion_protection is set to true: set it to false and apply first",
        )


LAWS = (
    places,
    versions,
    control_plane_range,
    addresses,
    endpoints,
    data_plane,
    default_pool,
    database_encryption,
    keys_usable,
    maintenance,
    exclusions,
    networking,
    deletion_protection,
)
