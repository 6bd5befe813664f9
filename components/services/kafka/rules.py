"""The laws of a Kafka section that need more than one field, or the place that it stands on.

Owns      everything that would be refused, dropped or regretted later, said while the file is still under review.
Refuses   types and ranges of single fields (`spec.py`), and laws across files (the spine's).
"""

import re
from collections.abc import Iterator, Sequence

from components.clouds.machines import machines
from components.finding import Finding
from components.services.contract import Load, ServiceRequest
from components.services.images import pinned
from components.services.kafka import (
    config_rules,
    fan_out_rules,
    listener_rules,
    name_rules,
    port_rules,
    tiered_storage,
    versions,
)
from components.services.kafka.place import kafka_spec, known, local_hours, machine_of, sizing_of, volume_of
from components.services.kafka.sizing import Sizing, choose_machine, fits, throughput_of
from components.services.kafka.spec import KafkaSpec

_IN_TAG = re.compile(r":[^@/]*kafka-(\d+\.\d+\.\d+)")
"""Strimzi's own tags end with the version of Kafka that is inside."""


def _version(request: ServiceRequest, spec: KafkaSpec) -> Iterator[Finding]:
    operator = request.place.operator_version
    known = versions.supported(operator)
    if not known:
        # The cell's file is wrong, not this one: its own check says so with the right position.
        return
    if spec.version not in known:
        yield Finding(
            "kafka-version-unsupported",
            ("version",),
            f"operator {operator} of cell '{request.place.cell}' does not run kafka {spec.version}",
            ", ".join(known),
        )
        return
    right = versions.metadata_of(spec.version)
    given = spec.metadata_version
    if given is not None and versions.metadata_order(given) > versions.metadata_order(right):
        yield Finding(
            "metadata-ahead",
            ("metadata_version",),
            f"metadata {given} is newer than kafka {spec.version} understands",
            f"{right} or older",
            "raise `version` first, and this after the new version has proven itself",
        )


def _production(request: ServiceRequest, spec: KafkaSpec, sizing: Sizing) -> Iterator[Finding]:
    if not request.production:
        return
    zones = len(request.place.zones)
    if spec.size.name == "dev":
        yield Finding(
            "dev-size-in-production", ("size", "name"), "size dev is not for production", "small, medium, large"
        )
    if spec.controllers < 3:
        yield Finding(
            "too-few-controllers",
            ("controllers",),
            f"{spec.controllers} controller: one lost node stops a production cluster",
            "3, 5",
        )
    if sizing.brokers < 3:
        yield Finding(
            "too-few-brokers",
            ("brokers",),
            f"{sizing.brokers} broker(s) cannot hold 3 copies of production data",
            "3 or more",
        )
    if sizing.brokers % zones:
        yield Finding(
            "brokers-not-spread",
            ("brokers",),
            f"{sizing.brokers} brokers do not spread evenly over {zones} zones",
            f"a multiple of {zones}",
            f"take {-(-sizing.brokers // zones) * zones}",
        )


def _capacity(request: ServiceRequest, spec: KafkaSpec, sizing: Sizing) -> Iterator[Finding]:
    place, machine = request.place, machine_of(request.place)
    at = ("size", "name") if spec.size.name else ("size", "throughput")
    if sizing.brokers < sizing.brokers_needed and request.production:
        yield Finding(
            "too-few-brokers",
            ("brokers",),
            f"{sizing.brokers} brokers of {machine.name} do not carry this size",
            f"{sizing.brokers_needed} or more",
            "take more brokers or a smaller size; `fleet render` shows the reasons",
        )
    if not fits(sizing, machine):
        right = choose_machine(
            spec.size,
            machines(place.cloud).values(),
            volume_of(place, spec),
            len(place.zones),
            brokers=spec.brokers,
            local_hours=local_hours(spec),
        )
        yield Finding(
            "machine-too-small",
            at,
            f"a broker needs {sizing.cpu:g} CPUs and {sizing.memory_gib} GiB; the cell's {machine.name} gives "
            f"{machine.allocatable_cpu:g} CPUs and {machine.allocatable_memory_gib:g} GiB",
            hint=f"place it on a cell whose Kafka nodes are {right.name}" if right else "take a smaller size",
        )


def _storage(request: ServiceRequest, spec: KafkaSpec, sizing: Sizing) -> Iterator[Finding]:
    volume = volume_of(request.place, spec)
    at = ("size",) if spec.disk_gib is None else ("disk_gib",)
    if not volume.least_gib <= sizing.disk_gib <= volume.most_gib:
        yield Finding(
            "disk-size",
            at,
            f"{sizing.disk_gib} GiB is no size of a {spec.storage_class} volume",
            f"{volume.least_gib} to {volume.most_gib}",
        )
    elif sizing.disk_gib < sizing.disk_needed_gib and request.production:
        yield Finding(
            "disk-too-small",
            at,
            f"{sizing.disk_gib} GiB does not hold what the size keeps on a broker",
            f"{sizing.disk_needed_gib} or more",
            "take a larger disk, more brokers or a shorter retention",
        )


def _helpers(spec: KafkaSpec, sizing: Sizing) -> Iterator[Finding]:
    if spec.cruise_control.enabled and sizing.brokers < 2:
        yield Finding(
            "cruise-control-needs-brokers",
            ("cruise_control", "enabled"),
            f"cruise control has nothing to move between {sizing.brokers} broker",
            hint="set `cruise_control: {enabled: false}`",
        )
    if spec.quotas.scope == "user" and spec.quotas.min_free_ratio is not None:
        yield Finding(
            "quota-ignored",
            ("quotas", "min_free_ratio"),
            "kafka's per-user quotas have no brake for full disks",
            hint="set `quotas.scope: broker`, or remove it",
        )


def _image(spec: KafkaSpec) -> Iterator[Finding]:
    if spec.image is None:
        return
    if not pinned(spec.image):
        yield Finding(
            "image-not-pinned",
            ("image",),
            f"'{spec.image}' does not say which image: it changes a cluster that nobody touched",
            "a tag other than latest, or a digest",
        )
    told = _IN_TAG.search(spec.image)
    if told and told[1] != spec.version:
        yield Finding(
            "image-of-other-version",
            ("image",),
            f"'{spec.image}' holds kafka {told[1]}, and `version` is {spec.version}",
            hint="change both in one change",
        )


def _removal(spec: KafkaSpec) -> Iterator[Finding]:
    if spec.remove_brokers and not (spec.cruise_control.enabled and spec.cruise_control.auto_rebalance):
        yield Finding(
            "removal-without-rebalance",
            ("remove_brokers",),
            "brokers are removed only when their partitions have been moved, and nothing here moves them",
            hint="set `cruise_control: {enabled: true, auto_rebalance: true}`",
        )


def check(request: ServiceRequest) -> Iterator[Finding]:
    """Every law that the section breaks. Paths are relative to it."""
    spec, place = kafka_spec(request), request.place
    yield from _version(request, spec)
    yield from _image(spec)
    yield from _removal(spec)
    yield from tiered_storage.check(
        spec.tiered_storage, spec.image, spec.config, throughput_of(spec.size).retention_hours
    )
    yield from listener_rules.check(spec, place)
    yield from fan_out_rules.check(spec, place)
    yield from name_rules.check(request)
    yield from port_rules.check(request)
    if not known(request):
        return
    sizing = sizing_of(request)
    yield from _production(request, spec, sizing)
    yield from _capacity(request, spec, sizing)
    yield from _storage(request, spec, sizing)
    yield from _helpers(spec, sizing)
    yield from config_rules.check(request, spec, sizing)


def loads(request: ServiceRequest) -> Sequence[Load]:
    """What a cluster puts on the cell's Kafka nodes. Helpers run on the system nodes."""
    sizing = sizing_of(request)
    return (
        Load("brokers", sizing.brokers, sizing.cpu, sizing.memory_gib),
        Load("controllers", sizing.controllers, sizing.controller_cpu, sizing.controller_memory_gib),
    )
