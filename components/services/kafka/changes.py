"""What a change of a Kafka section may not do: the laws of old and new.

Owns      what is for life (controllers, storage class), what only grows (disks, the metadata format), and upgrades:
          one thing at a time, forward, and not past the way back before the new version has proven itself.
Refuses   what a section may say at all (`rules.py`), and what a change does to pods (`components/impact`).
Sources   KRaft's static quorum and one-way metadata: Kafka's documentation, "KRaft" and "Upgrading". Volumes never
          shrink: Kubernetes, "Expanding Persistent Volumes Claims". A broker without its remote storage: KIP-405.
"""

from collections.abc import Iterator

from components.finding import Finding
from components.services.contract import ServiceRequest
from components.services.kafka import versions
from components.services.kafka.listeners import ways
from components.services.kafka.place import kafka_spec, known, sizing_of
from components.services.kafka.spec import KafkaSpec
from components.services.upgrades import order


def metadata(spec: KafkaSpec) -> str:
    """The metadata format that a section asks for."""
    return spec.metadata_version or versions.metadata_of(spec.version)


def _for_life(old: KafkaSpec, new: KafkaSpec) -> Iterator[Finding]:
    if old.controllers != new.controllers:
        yield Finding(
            "controllers-immutable",
            ("controllers",),
            f"controllers {old.controllers} -> {new.controllers}: the quorum is static, and cannot be changed",
            str(old.controllers),
            "a new cluster beside this one, with the data mirrored over, can have another number",
        )
    if old.storage_class != new.storage_class:
        yield Finding(
            "storage-class-immutable",
            ("storage_class",),
            f"storage class '{old.storage_class}' -> '{new.storage_class}': volumes keep the class that they were "
            "made with",
            old.storage_class,
            "a new cluster beside this one, with the data mirrored over, can have another one",
        )


def _disks(before: ServiceRequest, after: ServiceRequest, old: KafkaSpec, new: KafkaSpec) -> Iterator[Finding]:
    if not known(before) or not known(after):
        return
    was, will = sizing_of(before).disk_gib, sizing_of(after).disk_gib
    if will >= was:
        return
    if new.disk_gib is not None:
        path, why = ("disk_gib",), ""
    elif old.disk_gib is not None:
        path, why = ("size",), ": without `disk_gib` it is computed"
    else:
        brokers = old.brokers != new.brokers and new.brokers is not None
        path, why = (("brokers",) if brokers else ("size",)), ": it follows from size and brokers"
    yield Finding(
        "disk-shrinks",
        path,
        f"the disk of each broker would shrink from {was} to {will} GiB{why}; volumes cannot shrink",
        f"{was} GiB or more",
        f"state `disk_gib: {was}`",
    )


def _fewer(before: ServiceRequest, after: ServiceRequest, new: KafkaSpec) -> Iterator[Finding]:
    """Brokers that go: somebody has to move what they hold, to as many as there are copies."""
    if not known(before) or not known(after):
        return
    was, will = sizing_of(before), sizing_of(after)
    if will.brokers >= was.brokers:
        return
    path = ("brokers",) if new.brokers is not None else ("size",)
    if will.brokers < was.replication:
        yield Finding(
            "brokers-below-copies",
            path,
            f"{was.brokers} -> {will.brokers} brokers, and topics have {was.replication} copies, each on its own "
            "broker",
            f"{was.replication} or more",
        )
    elif not (new.cruise_control.enabled and new.cruise_control.auto_rebalance):
        yield Finding(
            "removal-without-rebalance",
            path,
            f"{was.brokers} -> {will.brokers} brokers: the operator removes none that holds partitions, and nothing "
            "here moves them",
            hint="set `cruise_control: {enabled: true, auto_rebalance: true}`",
        )


def _versions(after: ServiceRequest, old: KafkaSpec, new: KafkaSpec) -> Iterator[Finding]:
    formats = metadata(old), metadata(new)
    was, will = (versions.metadata_order(each) for each in formats)
    path = ("metadata_version",) if new.metadata_version is not None else ("version",)
    if order(new.version) < order(old.version):
        yield _back(old, new, formats[0])
    elif old.version != new.version:
        runs = versions.supported(after.place.operator_version)
        if runs and old.version not in runs:
            yield Finding(
                "kafka-jump",
                ("version",),
                f"kafka {old.version} -> {new.version}: operator {after.place.operator_version} does not know "
                f"{old.version} any more, so it cannot upgrade from it",
                ", ".join(runs),
                "upgrade to a version that both operators run, before the operator",
            )
    if will < was:
        yield Finding(
            "metadata-downgrade",
            path,
            f"metadata {formats[0]} -> {formats[1]}: its format only goes forward",
            f"{formats[0]} or newer",
        )
    elif will > was and old.version != new.version:
        yield Finding(
            "metadata-with-version",
            path,
            f"kafka {old.version} -> {new.version} and metadata {formats[0]} -> {formats[1]} in one change: there "
            "would be no way back",
            formats[0],
            f"state `metadata_version: {formats[0]}` beside `version`; raise it in a change of its own once "
            f"{new.version} has proven itself",
        )


def _back(old: KafkaSpec, new: KafkaSpec, written: str) -> Finding:
    """To an older version: the way stays open as long as the brokers still write the format of that version."""
    older, newer = (versions.metadata_order(versions.metadata_of(each.version)) for each in (new, old))
    path, step = ("version",), f"kafka {old.version} -> {new.version}"
    if versions.metadata_order(written) <= older < newer:
        why = f"{step}: the way back, open because the metadata is still {written}"
        return Finding("kafka-way-back", path, why, severity="warning")
    why = f"{step}: a downgrade, and brokers that have written metadata {written} do not go back"
    return Finding("kafka-downgrade", path, why, f"{old.version} or newer")


def _tiers(old: KafkaSpec, new: KafkaSpec) -> Iterator[Finding]:
    if old.tiered_storage is None:
        return
    if new.tiered_storage is None:
        yield Finding(
            "tiered-storage-removed",
            (),
            "tiered storage is taken away: segments that are only in the object store would be lost, and brokers whose "
            "topics use it do not start",
            hint="keep `tiered_storage`; set `remote.storage.enable: false` on topics to keep new data local",
        )
        return
    for key, value in old.tiered_storage.config.items():
        given = new.tiered_storage.config.get(key)
        if given != value and _names_a_place(key):
            yield Finding(
                "tiered-storage-moves",
                ("tiered_storage", "config", key) if given is not None else ("tiered_storage",),
                f"'{key}' '{value}' -> '{given or ''}': the plugin would look for old segments elsewhere and not find "
                "them",
                value,
                "move the data first, by the plugin's own means, then change code and data together",
            )


def _names_a_place(key: str) -> bool:
    return any(word in key.lower() for word in ("bucket", "container", "prefix", "path"))


def _listeners(before: ServiceRequest, after: ServiceRequest) -> Iterator[Finding]:
    """A listener that goes takes its addresses along: told as a warning, for that may be meant."""
    had = {way.name for way in ways(kafka_spec(before), before.place)}
    have = {way.name for way in ways(kafka_spec(after), after.place)}
    for name in sorted(had - have):
        yield Finding(
            "listener-removed",
            ("listeners", name),
            f"listener '{name}' and its addresses go: clients that use it are cut off",
            hint="add the other way in first, let clients change over, then remove this one",
            severity="warning",
        )


def changes(before: ServiceRequest, after: ServiceRequest) -> Iterator[Finding]:
    """Every law of old and new that the change breaks. Paths are relative to the section."""
    old, new = kafka_spec(before), kafka_spec(after)
    yield from _for_life(old, new)
    yield from _fewer(before, after, new)
    yield from _disks(before, after, old, new)
    yield from _versions(after, old, new)
    yield from _tiers(old, new)
    yield from _listeners(before, after)
