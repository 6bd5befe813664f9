"""From files to a Fleet: reads each file once, gives it its layers, validates it.

Owns      which layers a file of each kind has, and in which order: service defaults of the ring, profile, file.
Refuses   laws across files.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from components import catalog
from components.cell.spec import CellBody
from components.model import Spec, whole_fields
from stacks import validate as validation
from stacks.fleet import App, Cell, Cluster, Fleet, OwnerFile
from stacks.nearest import nearest
from stacks.problem import Problem
from stacks.read import Document, Store
from stacks.resolve import Layer, Resolved, resolve
from stacks.spec import MODELS, FleetSpec, Kind, ProfileSpec, ServiceSpec

M = TypeVar("M", bound=Spec)


@dataclass
class _Gathering:
    """What has been read so far. Lives for one `gather` only."""

    problems: list[Problem] = field(default_factory=list)
    profiles: dict[str, tuple[ProfileSpec, Document]] = field(default_factory=dict)
    services: dict[str, tuple[ServiceSpec, Document]] = field(default_factory=dict)
    declared: dict[str, frozenset[str]] = field(default_factory=dict)
    shared: set[tuple[str, int, int, str]] = field(default_factory=set)
    """What was told of profiles and service files: not told again by each file that builds on them."""

    def documents(self, store: Store, names: Iterable[str]) -> dict[str, Document]:
        """What can be read of the files, by name."""
        found = {}
        for file in names:
            got = store.read(file)
            if isinstance(got, tuple):
                self.problems.extend(got)
            else:
                found[file] = got
        return found

    def valid(self, model: type[M], resolved: Resolved) -> M | None:
        """The spec, or None with its problems noted."""
        result = validation.validate(model, resolved)
        if isinstance(result, tuple):
            self.problems.extend(p for p in result if (p.file, p.line, p.column, p.code) not in self.shared)
            return None
        return result

    def layers(self, kind: Kind, document: Document) -> list[Layer]:
        """Profile and file, lowest first."""
        own = Layer(document, document.data, "file")
        name = document.data.get("profile")
        if not isinstance(name, str):
            return [own]
        if name not in self.profiles:
            if name not in self.declared.get("profile", ()):
                self._refuse(document, ("profile",), "unknown-profile", f"there is no profile '{name}'", "profile")
            return [own]
        spec, source = self.profiles[name]
        if spec.kind != kind:
            wanted = {n for n, (p, _) in self.profiles.items() if p.kind == kind}
            self.problems.append(
                Problem(
                    document.file,
                    *document.position(("profile",)),
                    "wrong-profile",
                    f"profile '{name}' is for a {spec.kind}, and this is a {kind}",
                    ", ".join(sorted(wanted)),
                )
            )
            return [own]
        return [Layer(source, spec.values, f"profile {name}", source=("values",)), own]

    def twice(self, document: Document, message: str, other: Resolved | None) -> None:
        """Note that the thing in `document` has the name of one that was read before it."""
        where = f" (in {other.file})" if other else ""
        self.problems.append(
            Problem(document.file, 1, 1, "duplicate-name", message + where, hint="choose another name")
        )

    def _refuse(self, document: Document, path: tuple[str, ...], code: str, message: str, kind: str) -> None:
        names = sorted(self.declared.get(kind, ()))
        hint = nearest(str(document.data.get(path[0])), names)
        self.problems.append(
            Problem(document.file, *document.position(path), code, message, ", ".join(names[:20]), hint)
        )


def gather(store: Store, only: Container[str] | None = None) -> Fleet:
    """Read and validate every file of `store`; of some files only where `only` names them.

    A Fleet of some files still declares the names of all.
    """
    listing = store.files()
    g = _Gathering(problems=list(listing.problems))
    by_kind: dict[Kind, tuple[str, ...]] = {
        "fleet": (listing.main,) if listing.main else (),
        "cell": listing.cells,
        "cluster": listing.clusters,
        "app": listing.apps,
        "service": listing.services,
        "profile": listing.profiles,
    }
    g.declared = {kind: listing.names.get(f"{kind}s", frozenset({kind})) for kind in by_kind}
    documents = {
        kind: g.documents(store, [file for file in by_kind[kind] if only is None or file in only]) for kind in MODELS
    }
    settings, settings_resolved = _settings(g, documents["fleet"].values())
    _shared(g, documents)
    cells = {c.name: c for document in documents["cell"].values() if (c := _cell(g, document, settings))}
    clusters: dict[str, Cluster] = {}
    for document in documents["cluster"].values():
        made = _cluster(g, document)
        if made is None:
            continue
        if made.name in clusters:
            g.twice(document, f"cluster '{made.name}' is already declared", clusters[made.name].resolved)
            continue
        clusters[made.name] = made
        inline = _inline(made)
        if inline is not None and made.name in g.declared["cell"]:
            other = cells[made.name].resolved if made.name in cells else None
            g.twice(
                document, f"there is a cell file called '{made.name}', and this cluster has a cell of its own", other
            )
        elif inline is not None:
            cells[inline.name] = inline
    apps: dict[tuple[str, str], App] = {}
    for document in documents["app"].values():
        app = _app(g, document)
        if app is None:
            continue
        key = (app.spec.cluster, app.name)
        if key in apps:
            g.twice(document, f"cluster '{key[0]}' already has an app '{key[1]}'", apps[key].resolved)
        apps.setdefault(key, app)
    return Fleet(
        root=store.root,
        settings=settings,
        settings_resolved=settings_resolved,
        cells=cells,
        clusters=clusters,
        apps=apps,
        declared=g.declared,
        services={
            key: OwnerFile(key, spec, resolve([Layer(document, document.data, "file")]))
            for key, (spec, document) in g.services.items()
        },
        problems=tuple(g.problems),
        files={str(kind): names for kind, names in by_kind.items()},
    )


def _settings(g: _Gathering, documents: Iterable[Document]) -> tuple[FleetSpec | None, Resolved | None]:
    for document in documents:
        resolved = resolve([Layer(document, document.data, "file")])
        return g.valid(FleetSpec, resolved), resolved
    return None, None


def _shared(g: _Gathering, documents: Mapping[Kind, Mapping[str, Document]]) -> None:
    """Profiles and service files: validated as far as a part of a file can be."""
    for document in documents["profile"].values():
        profile = g.valid(ProfileSpec, resolve([Layer(document, document.data, "file")]))
        if profile is not None:
            g.profiles[Path(document.file).stem] = (profile, document)
            _partial(g, MODELS[profile.kind], document, profile.values, ("values",))
    for document in documents["service"].values():
        service = g.valid(ServiceSpec, resolve([Layer(document, document.data, "file")]))
        key = Path(document.file).stem
        entry = catalog.services().get(key)
        if entry is None:
            g.problems.append(
                Problem(
                    document.file,
                    1,
                    1,
                    "unknown-service",
                    f"there is no service '{key}'",
                    ", ".join(catalog.services()),
                )
            )
        elif service is not None:
            g.services[key] = (service, document)
            model = catalog.spec_of(entry)
            _partial(g, model, document, service.defaults, ("defaults",))
            for ring, values in service.rings.items():
                _partial(g, model, document, values, ("rings", ring))


def _partial(g: _Gathering, model: type[Spec], document: Document, values: dict[str, Any], at: tuple[str, ...]) -> None:
    """What can be said of a part of a file: everything but what it lacks."""
    try:
        model.model_validate(values)
    except ValidationError as error:
        resolved = Resolved(values, (Layer(document, values, "file", source=at),))
        found = list(validation.problems(error, model, resolved, skip=("missing-key",)))
        g.problems.extend(found)
        g.shared |= {(p.file, p.line, p.column, p.code) for p in found}


def _cell(g: _Gathering, document: Document, settings: FleetSpec | None) -> Cell | None:
    resolved = resolve(g.layers("cell", document))
    spec: Any = g.valid(MODELS["cell"], resolved)
    if spec is None:
        return None
    owner = settings.platform_team if settings else "platform"
    name = Path(document.file).stem
    return Cell(
        name, owner, spec.environment, spec.production, spec.cost_center, spec, resolved, given_up=spec.gives_up
    )


def _cluster(g: _Gathering, document: Document) -> Cluster | None:
    base = g.layers("cluster", document)
    rough = resolve(base).data
    ring = rough.get("ring") or rough.get("environment")
    sections = rough.get("services")
    lower: list[Layer] = []
    whole: set[tuple[str | int, ...]] = set()
    for key in sorted(sections) if isinstance(sections, dict) else ():
        entry = catalog.services().get(str(key))
        if entry is None:
            continue
        whole |= {("services", key, name) for name in whole_fields(catalog.spec_of(entry))}
        if key in g.services:
            service, source = g.services[key]
            at = ("services", key)
            lower.append(Layer(source, service.defaults, f"{key} defaults", at, ("defaults",)))
            values = service.rings.get(str(ring), {})
            lower.append(Layer(source, values, f"{key} ring {ring}", at, ("rings", str(ring))))
    resolved = resolve([*lower, *base], whole)
    spec: Any = g.valid(MODELS["cluster"], resolved)
    if spec is None:
        return None
    name = Path(document.file).stem
    services = {key: section for key, section in spec.services if section is not None}
    cell = spec.cell if isinstance(spec.cell, str) else name
    return Cluster(name, Path(document.file).parent.name, cell, str(ring), spec, services, resolved)


def _inline(cluster: Cluster) -> Cell | None:
    body = cluster.spec.cell
    if not isinstance(body, CellBody):
        return None
    spec = cluster.spec
    return Cell(
        cluster.name,
        cluster.team,
        spec.environment,
        spec.production,
        spec.cost_center,
        body,
        cluster.resolved,
        ("cell",),
        spec.gives_up,
    )


def _app(g: _Gathering, document: Document) -> App | None:
    resolved = resolve(g.layers("app", document))
    spec: Any = g.valid(MODELS["app"], resolved)
    if spec is None:
        return None
    return App(Path(document.file).stem, Path(document.file).parent.name, spec, resolved)
