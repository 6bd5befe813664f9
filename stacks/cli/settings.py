"""How commands come by an engine, a state and perhaps a sandbox.

Owns      the decision whether a run goes to the sandbox or to real clouds.
Refuses   mixing them: a sandbox never works on shared state, and a state that a sandbox filled never meets real clouds.
"""

import sys
from typing import TYPE_CHECKING

from stacks.cli.root import stop

if TYPE_CHECKING:
    from stacks.fleet import Fleet
    from stacks.run.settings import RunSettings


def settings(fleet: "Fleet", jobs: int = 2, *, looking: bool = False) -> "RunSettings":
    """Settings of this fleet's repository; ends the command where they cannot work.

    looking  only states are read, so that it does not matter whether a sandbox runs
    """
    from stacks.run.settings import SettingsError, load_settings
    from stacks.spec import State
    from tools.engine import EngineError, engine

    try:
        state = fleet.settings.state if fleet.settings else State()
        found = load_settings(
            fleet.root,
            engine(_progress),
            backend=state.backend,
            secrets_provider=state.secrets_provider,
            jobs=jobs,
        )
    except (SettingsError, EngineError) as error:
        stop(str(error))
    return found if looking else found.model_copy(update={"sandbox": _sandbox(found)})


def _sandbox(found: "RunSettings") -> str:
    folder = found.scratch / "sandbox"
    own_state = found.local and found.backend_directory("").is_relative_to(found.scratch)
    if not own_state or not folder.is_dir():
        return ""
    from sandbox.control import SandboxError, debug_providers

    try:
        return debug_providers(folder)
    except SandboxError:
        stop(
            "this state belongs to a sandbox that does not run",
            f"`fleet sandbox start`; for real clouds set KAFKA_FLEET_STATE, or remove {found.scratch}",
        )


def _progress(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
