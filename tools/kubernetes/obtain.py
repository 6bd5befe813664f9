"""Builds kube-apiserver and etcd from the modules that `go.mod` pins and `go.sum` holds the sums of.

Owns      the versions, the cache, the lock between processes, and the atomic placing of each result.
Refuses   a module whose sum is not committed: `-mod=readonly` lets the build change nothing.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from tools.cached import cache

VERSION = "1.34.2"
"""Of Kubernetes. Its minor version is the one whose schemas the sandbox's own judge uses."""
ETCD_VERSION = "3.6.4"
"""The one that Kubernetes' own go.mod requires."""
_HERE = Path(__file__).parent
_BUILD_SECONDS = 3600
_ANSWER_SECONDS = 20
_STAMP = "k8s.io/component-base/version"

Tell = Callable[[str], None]


class KubernetesError(Exception):
    """The binaries could not be had; the text says what to do."""


@dataclass(frozen=True)
class Binaries:
    """Where both are."""

    apiserver: Path
    etcd: Path


@dataclass(frozen=True)
class _Part:
    """One binary: its package, how its version is stamped, and the words by which it is known to be the right one."""

    name: str
    version: str
    package: str
    stamp: str
    says: str

    def path(self) -> Path:
        return cache() / "bin" / f"{self.name}-v{self.version}"


_APISERVER = _Part(
    name="kube-apiserver",
    version=VERSION,
    package="k8s.io/kubernetes/cmd/kube-apiserver",
    stamp=" ".join(
        f"-X {_STAMP}.{key}={value}"
        for key, value in {
            "gitVersion": f"v{VERSION}",
            "gitMajor": VERSION.partition(".")[0],
            "gitMinor": VERSION.split(".")[1],
            "gitTreeState": "clean",
        }.items()
    ),
    says=f"Kubernetes v{VERSION}",
)
_ETCD = _Part(name="etcd", version=ETCD_VERSION, package="./etcd", stamp="", says=f"etcd Version: {ETCD_VERSION}")


def binaries(tell: Tell = lambda _text: None) -> Binaries:
    """Both binaries. Takes minutes the first time on a machine, else no time."""
    return Binaries(_had(_APISERVER, tell), _had(_ETCD, tell))


def _had(part: _Part, tell: Tell) -> Path:
    path = part.path()
    if path.is_file():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(cache() / f"{part.name}.lock"):
        # Another process may have built it while this one waited.
        if not path.is_file():
            _build(part, path, tell)
    return path


def _build(part: _Part, path: Path, tell: Tell) -> None:
    go = shutil.which("go")
    if go is None:
        raise KubernetesError(
            f"{part.name} {part.version} is not in {path.parent} and there is no `go` on PATH to build it with: "
            f"install Go 1.24 or later (the build takes about 4 minutes, once), or put a binary of that version "
            f"at {path}"
        )
    tell(f"kubernetes: building {part.name} {part.version} from its pinned module (minutes, once; kept in {path})")
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    flags = ["-mod=readonly", "-trimpath", "-buildvcs=false", "-ldflags", f"-s -w {part.stamp}".strip()]
    try:
        # GOWORK and GOFLAGS of the person's own could turn to other modules than the pinned ones.
        environment = {**os.environ, "CGO_ENABLED": "0", "GOWORK": "off", "GOFLAGS": ""}
        subprocess.run(  # noqa: S603 - `go` as found on PATH
            [go, "build", *flags, "-o", str(draft), part.package],
            cwd=_HERE,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_BUILD_SECONDS,
            check=True,
        )
        if why := _fault(part, draft):
            raise KubernetesError(f"{part.name} was built and will not do: {why}")
        draft.replace(path)
    except subprocess.TimeoutExpired:
        raise KubernetesError(f"the build of {part.name} was not done in {_BUILD_SECONDS} s: run it again") from None
    except subprocess.CalledProcessError as error:
        said = "\n".join(f"  {line}" for line in error.stderr.strip().splitlines()[-5:])
        raise KubernetesError(
            f"{part.name} could not be built (is a Go module proxy reached? see `go env GOPROXY`):\n{said}"
        ) from None
    finally:
        draft.unlink(missing_ok=True)


def _fault(part: _Part, path: Path) -> str:
    try:
        ran = subprocess.run(  # noqa: S603 - the binary whose fitness is the question
            [path, "--version"], capture_output=True, text=True, timeout=_ANSWER_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"it does not start: {error}"
    return "" if part.says in ran.stdout else f"`--version` said {ran.stdout.strip()[:80]!r}, not {part.says!r}"
