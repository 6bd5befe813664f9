"""Where a running sandbox is: the file `sandbox.json` in its state folder.

Owns      writing it in one step, reading it, and telling a live server from the file of a dead one.
Refuses   to trust a process id alone: ids are reused, so the time of the process's start is compared too.
"""

import json
import os
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "sandbox.json"
MODEL, REAL = "model", "real"
"""What Kubernetes is in a sandbox: judged by models alone, or also kept by a real API server a managed cluster."""


@dataclass(frozen=True)
class Address:
    """`started` tells two processes with one id apart; its unit is the machine's (see `process_start`)."""

    pid: int
    started: int
    ports: Mapping[str, int]
    kubernetes: str


def process_start(pid: int) -> int:
    """When a process started, in the kernel's ticks since boot; 0 where there is no such process."""
    if not Path("/proc/self/stat").exists():
        return _process_start_by_ps(pid)
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return 0
    fields = text.rsplit(")", 1)[1].split()
    return 0 if fields[0] == "Z" else int(fields[19])


def _process_start_by_ps(pid: int) -> int:
    """The same where there is no /proc (macOS), in seconds since 1970."""
    command = ["/bin/ps", "-o", "lstart=", "-p", str(pid)]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()  # noqa: S603 - a number
    return int(time.mktime(time.strptime(" ".join(told)))) if told else 0


def write(state_dir: Path, address: Address) -> None:
    """Replace the file in one step: nobody ever reads half of it."""
    temporary = state_dir / f".{FILE}.{os.getpid()}"
    temporary.write_text(json.dumps(asdict(address), indent=2) + "\n", encoding="utf-8")
    temporary.replace(state_dir / FILE)


def read(state_dir: Path) -> Address | None:
    """What the file says, whether or not that server still lives."""
    try:
        found = json.loads((state_dir / FILE).read_text(encoding="utf-8"))
        return Address(int(found["pid"]), int(found["started"]), dict(found["ports"]), str(found["kubernetes"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def live(state_dir: Path) -> Address | None:
    """The running server of a state folder; None where there is none."""
    address = read(state_dir)
    if address is None or address.started == 0 or process_start(address.pid) != address.started:
        return None
    for port in address.ports.values():
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return None
    return address
