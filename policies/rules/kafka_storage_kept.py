"""What holds records outlives the object that asked for it."""

from collections.abc import Iterator

from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import expect, items, look
from policies.samples import POOL, bad, but, good, later_at, unknown


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    storage = look(resource.props, "spec", "storage")
    volumes = items(storage, "volumes") if look(storage, "type") == "jbod" else (storage,)
    for index, volume in enumerate(volumes):
        name = f"volume {look(volume, 'id') if isinstance(look(volume, 'id'), int) else index}"
        kind = look(volume, "type")
        yield from expect(f"type of {name}", kind, kind == "persistent-claim", "records do not survive a pod's restart")
        deletes = look(volume, "deleteClaim")
        yield from expect(f"deleteClaim of {name}", deletes, not deletes, "the disk is deleted with the pool")


_VOLUME = ("spec", "storage", "volumes", 0)

POLICY = Policy(
    name="kafka-storage-kept",
    title="Kafka's disks survive the objects that asked for them",
    severity="critical",
    remediation="Leave `storage` of the kafka section to its sizes: disks are persistent and kept.",
    framework="NIST SP 800-53 CP-9, SI-12",
    types=("kubernetes:kafka.strimzi.io/v1:KafkaNodePool",),
    judge=_judge,
    levels={"dev": "advisory"},
    url="https://strimzi.io/docs/operators/latest/deploying#assembly-storage-str",
    samples=(
        good(POOL),
        bad(but(POOL, *_VOLUME, "type", "ephemeral")),
        bad(but(POOL, *_VOLUME, "deleteClaim", True)),
        unknown(later_at(POOL, *_VOLUME, "deleteClaim")),
    ),
)
