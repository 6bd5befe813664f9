"""One cell: the cloud knows its words, and nothing is open that was not opened on purpose."""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import replace

from components import catalog
from components.cell.layout import slot
from components.clouds.contract import Cloud
from components.clouds.machines import machines
from components.platform.releases import known
from stacks.check.told import in_cell
from stacks.fleet import Cell, Fleet
from stacks.nearest import nearest
from stacks.problem import Problem


def problems(fleet: Fleet) -> Iterable[Problem]:
    """What each cell's cloud refuses of the cell."""
    for cell in fleet.cells.values():
        cloud = catalog.clouds().get(cell.spec.cloud)
        if cloud is None:
            known = catalog.clouds()
            yield in_cell(
                cell,
                ("cloud",),
                "unknown-cloud",
                f"there is no cloud '{cell.spec.cloud}'",
                ", ".join(known),
                nearest(cell.spec.cloud, known),
            )
            continue
        yield from _words(cell, cloud)
        yield from _zones(cell, cloud)
        yield from _open(cell)
        yield from _nodes(cell)
        yield from _operator(cell)


def _principals(cell: Cell, cloud: Cloud) -> Iterable[Problem]:
    access = cell.spec.kubernetes.access
    for kind, principal in access:
        if principal is not None and not re.fullmatch(cloud.principal_pattern, principal):
            yield in_cell(
                cell,
                ("kubernetes", "access", kind),
                "bad-principal",
                f"'{principal}' cannot be given access in {cloud.title}",
                f"text that matches {cloud.principal_pattern}",
            )
        if kind != "preview" and principal == access.preview:
            yield in_cell(
                cell,
                ("kubernetes", "access", "preview"),
                "preview-applies",
                f"'{principal}' is also `{kind}`: what only previews could change the cell",
                "a principal of its own, which applies nothing",
            )


def _words(cell: Cell, cloud: Cloud) -> Iterable[Problem]:
    spec = cell.spec
    if not re.fullmatch(cloud.account_pattern, spec.account):
        yield in_cell(
            cell,
            ("account",),
            "bad-account",
            f"'{spec.account}' is not the id of any {cloud.account_word} of {cloud.title}",
            f"text that matches {cloud.account_pattern}",
        )
    if not re.fullmatch(cloud.region_pattern, spec.region):
        yield in_cell(
            cell,
            ("region",),
            "bad-region",
            f"'{spec.region}' is not the name of a region of {cloud.title}",
            f"text that matches {cloud.region_pattern}",
        )
    yield from _principals(cell, cloud)
    for name in catalog.clouds():
        given = getattr(spec, name)
        if name != cloud.name and given is not None:
            yield in_cell(
                cell,
                (name,),
                "wrong-section",
                f"section '{name}' in a cell of {cloud.title}",
                f"'{cloud.name}'",
                "remove the section",
                key=True,
            )
        if name == cloud.name and given is None:
            required = [k for k, f in catalog.spec_of(cloud).model_fields.items() if f.is_required()]
            if required:
                yield in_cell(
                    cell,
                    (),
                    "missing-section",
                    f"section '{name}' is missing",
                    hint=f"add '{name}:' with {', '.join(required)}",
                )


def _zones(cell: Cell, cloud: Cloud) -> Iterable[Problem]:
    seen: dict[int, str] = {}
    for n, zone in enumerate(cell.spec.zones):
        number = slot(zone, cloud.zone_pattern)
        if number is None or not zone.startswith(cell.spec.region):
            yield in_cell(
                cell,
                ("zones", n),
                "bad-zone",
                f"'{zone}' is not a zone of {cell.spec.region} that the address layout knows",
                f"names of zones of {cell.spec.region}, with a to h or 1 to 8 at the end",
            )
        elif number in seen:
            yield in_cell(cell, ("zones", n), "duplicate-zone", f"zone '{zone}' is the same zone as '{seen[number]}'")
        else:
            seen[number] = zone
    if len(cell.spec.zones) < cloud.least_zones:
        yield in_cell(
            cell,
            ("zones",),
            "too-few-zones",
            f"{cloud.kubernetes_title} cannot be made in {len(cell.spec.zones)} zone",
            f"at least {cloud.least_zones}",
        )
    elif cell.production and len(cell.spec.zones) < 3:
        yield in_cell(
            cell,
            ("zones",),
            "too-few-zones",
            f"a production cell with {len(cell.spec.zones)} zone{'s' * (len(cell.spec.zones) != 1)}",
            "at least 3: with fewer, one lost zone takes the majority of a quorum",
        )


def _open(cell: Cell) -> Iterable[Problem]:
    net, kube = cell.spec.network, cell.spec.kubernetes
    pairs = (
        (net.reachability, net.allowed_cidrs, ("network", "reachability"), ("network", "allowed_cidrs")),
        (kube.api, kube.api_allowed_cidrs, ("kubernetes", "api"), ("kubernetes", "api_allowed_cidrs")),
    )
    for mode, cidrs, mode_path, list_path in pairs:
        if mode == "public" and not cidrs:
            yield in_cell(
                cell,
                mode_path,
                "open-to-everyone",
                f"'public' without {list_path[-1]}",
                hint=f"list the source ranges in {'.'.join(list_path)}",
            )
        if mode != "public" and cidrs:
            yield in_cell(
                cell,
                list_path,
                "unused-cidrs",
                f"{list_path[-1]} has no effect while {'.'.join(mode_path)} is '{mode}'",
                hint="remove them, or say 'public'",
                key=True,
            )
        for n, cidr in enumerate(cidrs):
            if ipaddress.IPv4Network(cidr).prefixlen < 8:
                yield in_cell(
                    cell,
                    (*list_path, n),
                    "cidr-too-wide",
                    f"{cidr} lets {ipaddress.IPv4Network(cidr).num_addresses:,} addresses in",
                    "ranges of /8 or smaller",
                )
    if (
        cell.production
        and kube.api == "public"
        and any(ipaddress.IPv4Network(c).prefixlen < 16 for c in kube.api_allowed_cidrs)
    ):
        yield in_cell(
            cell,
            ("kubernetes", "api_allowed_cidrs"),
            "cidr-too-wide",
            "the Kubernetes API of a production cell is open to a range wider than a /16",
            "ranges of /16 or smaller",
        )


def _nodes(cell: Cell) -> Iterable[Problem]:
    catalogue = machines(cell.spec.cloud)
    for pool, use in (("kafka_nodes", "kafka"), ("system_nodes", "system")):
        nodes = getattr(cell.spec.kubernetes, pool)
        path = ("kubernetes", pool)
        fit = [m.name for m in catalogue.values() if m.use in {use, "both"}]
        if nodes.machine not in catalogue:
            yield in_cell(
                cell,
                (*path, "machine"),
                "unknown-machine",
                f"'{nodes.machine}' is not in the catalogue of node types",
                ", ".join(fit),
                nearest(nodes.machine, fit),
            )
        elif nodes.machine not in fit:
            yield in_cell(
                cell,
                (*path, "machine"),
                "wrong-machine",
                f"'{nodes.machine}' is not for {use} nodes",
                ", ".join(fit),
            )
        if nodes.least_per_zone > nodes.most_per_zone:
            yield in_cell(
                cell,
                (*path, "least_per_zone"),
                "least-above-most",
                f"least_per_zone is {nodes.least_per_zone} and most_per_zone is {nodes.most_per_zone}",
                f"at most {nodes.most_per_zone}",
            )
    if cell.spec.kubernetes.system_nodes.least_per_zone < 1:
        yield in_cell(
            cell,
            ("kubernetes", "system_nodes", "least_per_zone"),
            "no-system-nodes",
            "system nodes may not go to zero: the operator runs there",
            "at least 1",
        )


def _operator(cell: Cell) -> Iterable[Problem]:
    strimzi, versions = cell.spec.strimzi, known("strimzi")
    release = versions.get(strimzi.version)
    if release is None:
        yield in_cell(
            cell,
            ("strimzi", "version"),
            "unknown-operator",
            f"Strimzi {strimzi.version} is not known here",
            ", ".join(versions),
        )
    elif cell.spec.kubernetes.version not in release.kubernetes:
        yield in_cell(
            cell,
            ("kubernetes", "version"),
            "unsupported-kubernetes",
            f"Strimzi {strimzi.version} does not support Kubernetes {cell.spec.kubernetes.version}",
            ", ".join(release.kubernetes),
        )
    elif cell.production and not strimzi.chart_digest and not release.digest:
        problem = in_cell(
            cell,
            ("strimzi", "version"),
            "unpinned-chart",
            f"the chart of Strimzi {strimzi.version} is picked by version alone, and a version can be moved",
            hint="look the digest up once and write it as strimzi.chart_digest",
        )
        yield replace(problem, severity="warning")
