"""The Jobs that bring subjects into a schema registry, carried out on this machine.

Owns      running a Job's own script with its own input against the registry here, how often, and what came of it.
Refuses   any other command of a Job, and to run one again that has succeeded or has no tries left.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sandbox.kafka.declared import Body, arguments_of, at, name_of, wish_of
from sandbox.kafka.place import read_json, write_json
from sandbox.kafka.told import Told

SECONDS = 60
BACKOFF_LIMIT = 6
"""What Kubernetes takes where a Job states none: so often it is tried again."""
FILE = "jobs.json"
SCRIPT = "register_subjects.py"


def carry_out(folder: Path, jobs: Iterable[Body], objects: Iterable[Body], url: str) -> list[Told]:
    """Run what has not succeeded yet; what is to be said of each Job. `folder` remembers what came of them."""
    maps = {name_of(one): one for one in objects if one.get("kind") == "ConfigMap"}
    before = read_json(folder / FILE)
    now: dict[str, Any] = {}
    for job in jobs:
        name = name_of(job)
        past = before.get(name, {"tries": 0, "done": False, "said": ""})
        limit = int(at(job, "spec", "backoffLimit", default=BACKOFF_LIMIT)) + 1
        if not past["done"] and past["tries"] < limit:
            done, said = _run(job, maps[wish_of(job)], url)
            past = {"tries": past["tries"] + 1, "done": done, "said": said}
        now[name] = past
    if now != before:
        write_json(folder / FILE, now)
    return [_told(name, past) for name, past in now.items()]


def _told(name: str, past: Mapping[str, Any]) -> Told:
    said = "; ".join(str(past["said"]).splitlines())
    if past["done"]:
        return Told("Job", name, True, note=said)
    return Told("Job", name, False, "Failed", f"after {past['tries']} tries: {said}")


def _run(job: Body, given: Body, url: str) -> tuple[bool, str]:
    """Whether it succeeded, and what it said."""
    names = [Path(one).name for one in arguments_of(job)[:2]]
    data = at(given, "data", default={})
    if names[0] != SCRIPT or not all(name in data for name in names):
        return False, f"it is not a Job that runs {SCRIPT} of its ConfigMap, and nothing else is run here"
    with tempfile.TemporaryDirectory(prefix="subjects-") as work:
        for name in names:
            (Path(work) / name).write_text(str(data[name]), "utf-8")
        # As in its pod: Python's own library, and nothing of this program's surroundings but where programs are.
        command = [sys.executable, "-I", *(str(Path(work) / name) for name in names), url]
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter, the script of the fleet's own component
                command,
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
                cwd=work,
                env={"PATH": os.environ.get("PATH", "")},
            )
        except subprocess.TimeoutExpired:
            return False, f"it took longer than {SECONDS} s"
    return done.returncode == 0, (done.stdout if done.returncode == 0 else done.stderr).strip()[-1000:]
