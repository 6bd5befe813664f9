"""The script by which Pulumi's own Python language host runs a program.

Owns      `python_exec()`: where that script is, beside the CLI or in the pinned module.
Refuses   to be a language host: tests build one around the script, to see that the stock way gives the same.
"""

import json
import shutil
import subprocess
from pathlib import Path

from tools.engine.find import VERSION, EngineError

_NAME = "pulumi-language-python-exec"
_MODULE = f"github.com/pulumi/pulumi/sdk/v3@v{VERSION}"


def python_exec() -> Path:
    """Path of the script; downloads the pinned module's source where the CLI came without it."""
    if found := shutil.which(_NAME):
        return Path(found)
    if cli := shutil.which("pulumi"):
        beside = Path(cli).resolve().with_name(_NAME)
        if beside.is_file():
            return beside
    go = shutil.which("go")
    if go is None:
        raise EngineError(f"no {_NAME} on PATH or beside the CLI, and no `go` to fetch {_MODULE} with")
    command = [go, "mod", "download", "-json", _MODULE]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parent)  # noqa: S603 - `go` as found on PATH
    if ran.returncode:
        raise EngineError(f"{_MODULE} could not be fetched: {ran.stderr.strip() or ran.stdout.strip()}")
    return Path(json.loads(ran.stdout)["Dir"]) / "python" / "cmd" / _NAME
