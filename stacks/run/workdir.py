"""The directory that an engine process stands in: one a stack, so that runs share nothing.

Owns      `.fleet/work/<stack>/`: a project file, the stack's settings file, event logs, the lock of this machine.
Refuses   holding anything that cannot be thrown away: state is in the backend, and configuration is in `fleet/`.
"""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from stacks.run.settings import RunSettings
from stacks.stack import PROJECT, Stack

_runs = itertools.count(1)

NO_DEFAULT_PROVIDERS = 'config:\n  "pulumi:disable-default-providers":\n    value: ["*"]\n'
"""As in the repository's Pulumi.yaml: a resource without an explicit provider fails, whoever is logged in."""


class Occupied(Exception):  # noqa: N818 - not an error of anyone's
    """Another process on this machine changes the stack at this moment."""


class WorkDirectory:
    """Files of one stack's runs."""

    def __init__(self, settings: RunSettings, stack: Stack, path: Path | None = None) -> None:
        self.settings = settings
        self.path = path or settings.scratch / "work" / stack.name
        self._settings_file = self.path / f"Pulumi.{stack.name}.yaml"
        self._secrets_provider = settings.secrets_provider

    def prepare(self) -> None:
        """Make the directory with its project file; cheap where both are there."""
        project = self.path / "Pulumi.yaml"
        if not project.exists():
            self.path.mkdir(parents=True, exist_ok=True)
            # No `main`: the program is executed by this process, which `--client` points the engine to.
            _replace(project, f"name: {PROJECT}\nruntime: python\n{NO_DEFAULT_PROVIDERS}")

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the stack on this machine; raises Occupied at once where another process does."""
        lock = FileLock(self.path / "changing.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise Occupied from None
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def beginning(self) -> Iterator[None]:
        """Wait for, then hold, the right to make the stack in the backend."""
        with FileLock(self.path / "beginning.lock", timeout=120):
            yield

    def salt(self, salt: str) -> None:
        """Have engines use the salt that the state is encrypted with; without it each derives a second key (0.16 s)."""
        if salt:
            text = f"encryptionsalt: {salt}\n"
            if not self._settings_file.exists() or self._settings_file.read_text() != text:
                _replace(self._settings_file, text)
        elif self._secrets_provider != "passphrase" and not self._settings_file.exists():
            _replace(self._settings_file, f"secretsprovider: {self._secrets_provider}\n")

    @property
    def salted(self) -> bool:
        """Whether the settings file is there."""
        return self._settings_file.exists()

    def run_file(self, kind: str) -> Path:
        """A new file of one run, readable by this user alone: what providers say may hold what a company hides."""
        path = self.path / f"{os.getpid()}-{next(_runs)}.{kind}"
        path.touch(mode=0o600)
        return path

    def keep(self, file: str) -> str:
        """Take a run's file over from a directory that goes; nothing where there is none."""
        if not file:
            return ""
        kept = self.run_file(Path(file).suffix.removeprefix("."))
        Path(file).replace(kept)
        return str(kept)


def _replace(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}-{next(_runs)}")
    draft.write_text(text)
    draft.replace(path)
