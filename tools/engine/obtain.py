"""Gets the CLI: from PATH, from the cache, by Pulumi's installer, or by building the pinned Go module.

Owns      the order of these, the lock between processes, and the atomic placing of the result.
Refuses   to fall back silently: each way that failed is told when all of them did.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from tools.cached import cache
from tools.engine.find import VERSION, EngineError, fault

_HERE = Path(__file__).parent
_MODULE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_SET_VERSION = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
_INSTALL_SECONDS = 240
_BUILD_SECONDS = 1800
# In a process of its own: the SDK's downloads have no timeout, and this one cannot hang its parent.
_INSTALL = """
import socket, sys
from semver import VersionInfo
from pulumi.automation import PulumiCommand
socket.setdefaulttimeout(6)
PulumiCommand.install(root=sys.argv[1], version=VersionInfo.parse(sys.argv[2]))
"""

Tell = Callable[[str], None]


def engine(tell: Tell = lambda _text: None) -> Path:
    """A CLI that works. Takes minutes the first time on a machine that can only build it, else no time."""
    faults = []
    if on_path := shutil.which("pulumi"):
        found = Path(on_path)
        if not (why := fault(found)):
            return found
        faults.append(f"{found} on PATH: {why}")
    installed = cache() / f"pulumi-{VERSION}" / "bin" / "pulumi"
    built = cache() / "bin" / f"pulumi-v{VERSION}"
    if ready := _cached(installed, built):
        return ready
    cache().mkdir(parents=True, exist_ok=True)
    with FileLock(cache() / "engine.lock"):
        # Another process may have got it while this one waited.
        if ready := _cached(installed, built):
            return ready
        for way, path in ((_install, installed), (_build, built)):
            why = way(path, tell) or fault(path)
            if not why:
                return path
            faults.append(why)
    lines = "\n".join(f"  {one}" for one in faults)
    raise EngineError(f"no Pulumi CLI could be had; install {VERSION} or later and put it on PATH. Tried:\n{lines}")


def _cached(*paths: Path) -> Path | None:
    return next((path for path in paths if path.is_file() and not fault(path)), None)


def _install(path: Path, tell: Tell) -> str:
    """Pulumi's own installer; the reason where it fails."""
    tell(f"engine: trying Pulumi's installer for {VERSION}")
    command = [sys.executable, "-c", _INSTALL, str(path.parents[1]), VERSION]
    try:
        subprocess.run(command, capture_output=True, text=True, timeout=_INSTALL_SECONDS, check=True)  # noqa: S603 - our own interpreter
    except subprocess.TimeoutExpired:
        return f"Pulumi's installer: no answer in {_INSTALL_SECONDS} s"
    except subprocess.CalledProcessError as error:
        return f"Pulumi's installer: {_last_line(error.stderr)}"
    return ""


def _build(path: Path, tell: Tell) -> str:
    """`go build` of the pinned module; the reason where it fails."""
    go = shutil.which("go")
    if go is None:
        return f"build from source: no `go` on PATH (Go 1.25 or later builds {_MODULE} in about 4 minutes)"
    tell(f"engine: building {VERSION} from its pinned Go module (3 to 6 minutes, once; kept in {path.parent})")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    command = [go, "build", "-mod=mod", "-ldflags", f"-s -w -X {_SET_VERSION}=v{VERSION}", "-o", str(draft), _MODULE]
    try:
        # A copy, because `-mod=mod` may write go.mod, and the pinned one must stay as reviewed.
        with _copy(path.parent) as module:
            subprocess.run(  # noqa: S603 - `go` as found on PATH
                command, cwd=module, capture_output=True, text=True, timeout=_BUILD_SECONDS, check=True
            )
    except subprocess.TimeoutExpired:
        return f"build from source: not done in {_BUILD_SECONDS} s"
    except subprocess.CalledProcessError as error:
        return f"build from source: {_last_line(error.stderr)} (is a Go module proxy reached? see `go env GOPROXY`)"
    else:
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return ""


class _copy:  # noqa: N801 - used like a function
    """A folder with the pinned module's files, for as long as it is entered."""

    def __init__(self, beside: Path) -> None:
        self._folder = beside / f".module.{os.getpid()}"

    def __enter__(self) -> Path:
        self._folder.mkdir()
        for name in ("go.mod", "go.sum", "tools.go"):
            shutil.copy(_HERE / name, self._folder / name)
        return self._folder

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "no reason was given")
