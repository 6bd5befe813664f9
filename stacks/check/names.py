"""Names are granted: which team may declare which names is decided in `fleet/fleet.yaml`, using them is the team's."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from stacks.fleet import Fleet
from stacks.nearest import nearest
from stacks.problem import Problem


def problems(fleet: Fleet) -> Iterable[Problem]:
    """Folders that are no team, and names that a team was not granted."""
    if fleet.settings is None:
        return
    teams = fleet.settings.teams
    for kind, things in (
        ("clusters", [(c.team, c.name, c.resolved) for c in fleet.clusters.values()]),
        ("apps", [(a.team, a.name, a.resolved) for a in fleet.apps.values()]),
    ):
        for team, name, resolved in things:
            if team not in teams:
                yield Problem(
                    resolved.file,
                    1,
                    1,
                    "unknown-team",
                    f"the folder is called '{team}', which is no team of fleet/fleet.yaml",
                    ", ".join(sorted(teams)),
                    nearest(team, teams),
                )
                continue
            granted = getattr(teams[team], kind)
            if not any(fnmatchcase(name, pattern) for pattern in granted):
                yield Problem(
                    resolved.file,
                    1,
                    1,
                    "name-not-granted",
                    f"team '{team}' may not declare {kind[:-1]} '{name}'",
                    ", ".join(granted) or "none",
                    "choose another name, or ask the platform team for the name in fleet/fleet.yaml",
                )
