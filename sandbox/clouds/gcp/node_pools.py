"""Google Kubernetes Engine: node pools.

Owns      their API model, id, outputs, immutable properties and laws.
Refuses   Windows nodes, accelerators and local SSDs.
"""

import re
from collections.abc import Iterator

from sandbox.clouds.gcp import tokens
from sandbox.clouds.gcp.cluster_laws import ENCRYPTER, may_encrypt
from sandbox.clouds.gcp.forms import normal
from sandbox.clouds.gcp.links import cidr, decimal, existing, project, relative, segment, value, values
from sandbox.clouds.gcp.machines import DISKS, FAMILIES, family
from sandbox.clouds.gcp.networks import FORCE_NEW, force_new
from sandbox.clouds.gcp.rules import (
    SHAPE,
    WORLD,
    deletable,
    given,
    labels,
    matches,
    on,
    own_project,
    refers,
    refusal,
    within_quota,
)
from sandbox.contract import ApiModel, Properties, Record, Refusal, Request, TypeModel, World

IMAGES = ("COS_CONTAINERD", "UBUNTU_CONTAINERD")
_AUTH = "https://www.googleapis.com/auth/"
SCOPES = (
    "cloud-platform", "compute", "devstorage.read_only", "logging.write", "monitoring", "monitoring.write",
    "service.management.readonly", "servicecontrol", "trace.append", "userinfo.email",
)  # fmt: skip
"""Scopes that node pools are given (cloud.google.com/sdk/gcloud/reference/container/node-pools/create, --scopes)."""


def _cluster_name(request: Request) -> str:
    cluster = str(request.inputs.get("cluster"))
    where = request.inputs.get("location")
    return relative(cluster) if "/" in cluster else f"projects/{project(request)}/locations/{where}/clusters/{cluster}"


def pool_id(request: Request, _: World) -> str:
    """`<cluster>/nodePools/<n>`."""
    return f"{_cluster_name(request)}/nodePools/{request.inputs['name']}"


def pool_outputs(request: Request, world: World, id: str) -> Properties:
    """The instance groups, one a zone, and the version of the control plane."""
    inputs = request.inputs
    cluster = existing(world, tokens.CLUSTER, _cluster_name(request), request)
    zones = inputs.get("nodeLocations") or (cluster.inputs.get("nodeLocations") if cluster else None) or []
    name = segment(id, "clusters")
    groups = [
        f"https://www.googleapis.com/compute/v1/projects/{project(request)}/zones/{zone}/instanceGroupManagers/"
        f"gke-{name}-{inputs['name']}-{decimal(f'{id}/{zone}', 8)}-grp"
        for zone in sorted(zones)
    ]
    old = request.old.outputs if request.old else {}
    version = old.get("version") or (cluster.outputs.get("masterVersion") if cluster else "") or ""
    count = inputs.get("initialNodeCount") or value(inputs, "autoscaling.minNodeCount") or 0
    return {
        **inputs,
        "instanceGroupUrls": groups,
        "managedInstanceGroupUrls": [group.replace("Managers", "s") for group in groups],
        "nodeCount": old.get("nodeCount", count),
        "operation": "",
        "version": inputs.get("version", version),
    }


@on(*SHAPE)
def machines(request: Request, _: World) -> Iterator[Refusal]:
    """A machine type that exists, with a kind of disk that it takes."""
    machine, disk = value(request.inputs, "nodeConfig.machineType"), value(request.inputs, "nodeConfig.diskType")
    of = family(machine) if isinstance(machine, str) else None
    if isinstance(machine, str) and of is None:
        message = f"machine type '{machine}' does not exist (families known: {', '.join(FAMILIES)})"
        yield refusal("INVALID_ARGUMENT", message, ("nodeConfig", "machineType"))
    if isinstance(disk, str) and disk not in DISKS:
        message = f"disk type '{disk}' does not exist (known: {', '.join(sorted(DISKS))})"
        yield refusal("INVALID_ARGUMENT", message, ("nodeConfig", "diskType"))
    elif isinstance(disk, str) and of is not None and disk not in of.disks:
        message = (
            f"disk type '{disk}' cannot be used by machine type '{machine}' (it takes: {', '.join(sorted(of.disks))})"
        )
        yield refusal("INVALID_ARGUMENT", message, ("nodeConfig", "diskType"))
    size = value(request.inputs, "nodeConfig.diskSizeGb")
    if isinstance(size, int) and not 10 <= size <= 65536:
        message = f"disk size {size} GB must be between 10 and 65536"
        yield refusal("INVALID_ARGUMENT", message, ("nodeConfig", "diskSizeGb"))


@on(*SHAPE)
def counts(request: Request, _: World) -> Iterator[Refusal]:
    """Autoscaling's limits, the upgrade's steps, the pods a node."""
    scaling = value(request.inputs, "autoscaling") or {}
    least, most = scaling.get("minNodeCount"), scaling.get("maxNodeCount")
    if isinstance(least, int) and isinstance(most, int) and not 0 <= least <= most:
        message = f"minNodeCount {least} must be between 0 and maxNodeCount {most}"
        yield refusal("INVALID_ARGUMENT", message, ("autoscaling", "minNodeCount"))
    if isinstance(most, int) and most > 1000:
        message = f"maxNodeCount {most}: a zone of a pool takes 1000 nodes"
        yield refusal("INVALID_ARGUMENT", message, ("autoscaling", "maxNodeCount"))
    for name in ("initialNodeCount", "nodeCount"):
        count = request.inputs.get(name)
        if isinstance(count, int) and not 0 <= count <= 1000:
            yield refusal("INVALID_ARGUMENT", f"{name} {count}: a zone of a pool takes 0 to 1000 nodes", (name,))
    if most is not None and "totalMaxNodeCount" in scaling:
        message = "limits a zone and total limits exclude each other"
        yield refusal("INVALID_ARGUMENT", message, ("autoscaling", "totalMaxNodeCount"))
    steps = value(request.inputs, "upgradeSettings") or {}
    surge, away = steps.get("maxSurge"), steps.get("maxUnavailable")
    if isinstance(surge, int) and isinstance(away, int) and not 1 <= surge + away <= 20:
        message = f"maxSurge {surge} and maxUnavailable {away} must sum up to 1 to 20"
        yield refusal("INVALID_ARGUMENT", message, ("upgradeSettings",))
    pods = request.inputs.get("maxPodsPerNode")
    if isinstance(pods, int) and not 8 <= pods <= 256:
        yield refusal("INVALID_ARGUMENT", f"max pods per node {pods} must be between 8 and 256", ("maxPodsPerNode",))


@on(*SHAPE)
def words(request: Request, _: World) -> Iterator[Refusal]:
    """What the provider takes as text and the API does not know as such."""
    path = "nodeConfig.kubeletConfig.insecureKubeletReadonlyPortEnabled"
    for at, text in values(request.inputs, path):
        if text not in ("TRUE", "FALSE"):
            yield refusal("invalid", f"'{text}' must be TRUE or FALSE", at)
    for at, key in values(request.inputs, "nodeConfig.taints[].key"):
        if not re.fullmatch(r"([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?", key):
            yield refusal("INVALID_ARGUMENT", f"taint key '{key}' is not a label key of Kubernetes", at)
    for at, scope in values(request.inputs, "nodeConfig.oauthScopes[]"):
        if scope.removeprefix(_AUTH) not in SCOPES or not scope.startswith(_AUTH):
            message = f"OAuth scope '{scope}' must be {_AUTH} and one of {', '.join(SCOPES)}"
            yield refusal("INVALID_ARGUMENT", message, at)
    for at, image in values(request.inputs, "nodeConfig.imageType"):
        if image.upper() not in IMAGES:
            yield refusal("INVALID_ARGUMENT", f"image type '{image}' must be one of {', '.join(IMAGES)}", at)
    for at, email in values(request.inputs, "nodeConfig.serviceAccount"):
        if email != "default" and not re.fullmatch(r"[a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com", email):
            yield refusal("INVALID_ARGUMENT", f"service account '{email}' is not an address of one", at)


@on(*SHAPE)
def zones(request: Request, _: World) -> Iterator[Refusal]:
    """Zones of the pool's region, which is the cluster's."""
    where = request.inputs.get("location")
    for at, zone in values(request.inputs, "nodeLocations[]"):
        if isinstance(where, str) and not re.fullmatch(rf"{where}-[a-z]", zone):
            yield refusal("INVALID_ARGUMENT", f"zone '{zone}' is not in region '{where}'", at)
    cluster = request.inputs.get("cluster")
    other = segment(cluster, "locations") if isinstance(cluster, str) else ""
    if other and isinstance(where, str) and other != where:
        message = f"cluster '{cluster}' is in '{other}', the pool says '{where}'"
        yield refusal("INVALID_ARGUMENT", message, ("location",))


@on(*WORLD)
def disks_can_be_encrypted(request: Request, world: World) -> Iterator[Refusal]:
    """Compute Engine's agent needs the key's grant, or no node ever starts."""
    for at, key in values(request.inputs, "nodeConfig.bootDiskKmsKey"):
        if not may_encrypt(request, world, key, "compute-system"):
            message = f"Cloud KMS key '{key}' cannot be used by the compute-system service agent: it lacks {ENCRYPTER}"
            yield refusal("PERMISSION_DENIED", message, at)


@on(*WORLD)
def account_exists(request: Request, world: World) -> Iterator[Refusal]:
    """The nodes' account, where it is one of the project's own."""
    own = f"@{project(request)}.iam.gserviceaccount.com"
    for at, email in values(request.inputs, "nodeConfig.serviceAccount"):
        name = f"projects/{project(request)}/serviceAccounts/{email}"
        if email.endswith(own) and existing(world, tokens.ACCOUNT, name, request) is None:
            yield refusal("INVALID_ARGUMENT", f"service account '{email}' does not exist", at)


@on(*WORLD)
def pods_fit(request: Request, world: World) -> Iterator[Refusal]:
    """Every node takes a range for twice its pods; all pools at their largest fit into the pods' range."""
    name = _cluster_name(request)
    cluster = existing(world, tokens.CLUSTER, name, request)
    whole = cidr(cluster.outputs.get("clusterIpv4Cidr")) if cluster else None
    if cluster is None or whole is None:
        return
    own = request.old.id if request.old else ""
    others = [
        r for r in world.all(tokens.NODE_POOL, request.scope) if r.id != own and r.id.startswith(f"{name}/nodePools/")
    ]
    needed = _addresses(request.inputs, cluster) + sum(_addresses(pool.inputs, cluster) for pool in others)
    if needed > whole.num_addresses:
        yield refusal(
            "IP_SPACE_EXHAUSTED",
            f"the pools at their largest need {needed} pod addresses; range {whole} has {whole.num_addresses}",
            ("autoscaling", "maxNodeCount"),
        )


def _addresses(inputs: Properties, cluster: Record) -> int:
    pods = inputs.get("maxPodsPerNode") or cluster.inputs.get("defaultMaxPodsPerNode") or 110
    a_node = 1 << (2 * int(pods) - 1).bit_length()
    a_zone = value(inputs, "autoscaling.maxNodeCount") or inputs.get("nodeCount") or inputs.get("initialNodeCount") or 0
    return a_node * int(a_zone) * max(1, len(inputs.get("nodeLocations") or cluster.inputs.get("nodeLocations") or ()))


_POOL = force_new("container/resource_container_node_pool.go", "069a33d")
_CONFIG = force_new("container/node_config.go", "00b984c")
_NETWORK = ("createPodRange", "podRange", "podIpv4CidrBlock")
_NODE = (
    "advancedMachineFeatures", "bootDiskKmsKey", "confidentialNodes", "enableConfidentialStorage",
    "ephemeralStorageLocalSsdConfig", "gvnic", "hostMaintenancePolicy", "localNvmeSsdBlockConfig", "localSsdCount",
    "metadata", "minCpuPlatform", "nodeGroup", "oauthScopes", "preemptible", "reservationAffinity",
    "secondaryBootDisks", "serviceAccount", "shieldedInstanceConfig", "soleTenantConfig", "spot",
)  # fmt: skip
"""Machine type, image, labels, taints, tags and kubelet are not among them: GKE rolls the nodes of the pool itself."""

IMMUTABLE = {
    **dict.fromkeys(
        ("cluster", "location", "project", "maxPodsPerNode", "initialNodeCount", "placementPolicy",
         "queuedProvisioning"),
        _POOL,
    ),
    **dict.fromkeys(("name", "namePrefix", *(f"networkConfig.{name}" for name in _NETWORK)), FORCE_NEW),
    **{f"nodeConfig.{name}": _CONFIG for name in _NODE},
}  # fmt: skip

TYPES = (
    TypeModel(
        token=tokens.NODE_POOL,
        api=ApiModel(
            source="discovery",
            service="container.v1",
            shape="NodePool",
            rename={
                "project": "",
                "location": "",
                "cluster": "",
                "deletionPolicy": "",
                "ignoreNodeCountChanges": "",
                "namePrefix": "",
                "nodeCount": "",
                "nodeConfig": "config",
                "nodeLocations": "locations",
                "maxPodsPerNode": "maxPodsConstraint.maxPodsPerNode",
                # A list here, one object in the API, of two times and a flag that the SDK's types judge.
                "nodeDrainConfigs": "",
                "nodeConfig.guestAccelerators": "config.accelerators",
                "nodeConfig.loggingVariant": "config.loggingConfig.variantConfig.variant",
            },
            constants={"autoscaling.enabled": True},
        ),
        identify=pool_id,
        outputs=pool_outputs,
        immutable=IMMUTABLE,
        laws=(
            matches("name", r"[a-z]([-a-z0-9]{0,38}[a-z0-9])?", "must be 1 to 40 of [-a-z0-9] from a letter"),
            matches("nodeConfig.tags[]", r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"),
            given("name"),
            own_project,
            labels("nodeConfig.resourceLabels"),
            machines,
            counts,
            words,
            zones,
            refers("cluster", tokens.CLUSTER, lambda r, _: _cluster_name(r)),
            refers("nodeConfig.bootDiskKmsKey", tokens.CRYPTO_KEY, lambda _, v: relative(v)),
            disks_can_be_encrypted,
            account_exists,
            pods_fit,
            within_quota,
            deletable,
        ),
        normalize=normal(sets=("nodeLocations", "nodeConfig.oauthScopes")),
        unique=("name",),
        unique_in="parent:cluster",
    ),
)
