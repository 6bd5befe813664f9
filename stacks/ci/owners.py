"""CODEOWNERS, from who owns what in the fleet.

Owns      one line a folder, ordered so that the more particular comes later: the last line that matches wins.
Refuses   owners that the fleet does not name.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from components import catalog
from stacks.fleet import Fleet
from stacks.spec import FleetSpec

PLATFORM = ("/.github/", "/.gitlab-ci.yml", "/CODEOWNERS", "/fleet/cells/", "/fleet/fleet.yaml", "/fleet/profiles/")
CODE = ("/components/", "/policies/", "/sandbox/", "/stacks/", "/tests/", "/tools/")
"""What decides over everyone: said line by line, so that a broader line added by hand does not take them over."""


def handle(spec: FleetSpec, team: str) -> str:
    """How the forge calls a team."""
    return spec.ci.handles.get(team, f"@{spec.ci.organization or spec.name}/{team}")


def codeowners(fleet: Fleet) -> str:
    """The file's text."""
    if fleet.settings is None:
        return ""
    lines = list(_lines(fleet, fleet.settings))
    width = max(len(path) for path, _ in lines)
    head = "# Written by `fleet ci codeowners`. Later lines win: what is more particular comes later.\n"
    return head + "".join(f"{path.ljust(width)} {owner}\n" for path, owner in lines)


def _lines(fleet: Fleet, spec: FleetSpec) -> Iterator[tuple[str, str]]:
    platform = handle(spec, spec.platform_team)
    yield "*", platform
    for path in sorted((*PLATFORM, *CODE)):
        yield path, platform
    for team in sorted(spec.teams):
        for kind in ("apps", "clusters"):
            yield f"/fleet/{kind}/{team}/", handle(spec, team)
    owners = _owners(fleet)
    for key, entry in catalog.services().items():
        owner = handle(spec, owners.get(key, entry.owner))
        if (fleet.root / "components" / "services" / key).is_dir():
            yield f"/components/services/{key}/", owner
        yield f"/fleet/services/{key}.yaml", owner


def _owners(fleet: Fleet) -> Mapping[str, str]:
    """By service: the owner that its file names."""
    return {key: file.spec.owner for key, file in fleet.services.items()}


def write(path: Path, text: str, check: bool) -> bool:
    """Write it where it differs, or with `check` only say whether it does."""
    differs = not path.is_file() or path.read_text("utf-8") != text
    if differs and not check:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return differs
