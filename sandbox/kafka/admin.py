"""Our end of `Admin.java`: one Java process with Kafka's own AdminClient, for all clusters.

Owns      the process's life, and which answer belongs to which question.
Refuses   to outlive us: the program ends when its input does.
"""

import contextlib
import itertools
import json
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from sandbox.kafka.java import command
from tools import kafka

SOURCE = Path(__file__).with_name("Admin.java")
SECONDS = 60.0

Change = Mapping[str, Any]


class AdminError(Exception):
    """Kafka's own words for why it did not do it."""


class Admin:
    """The helper. Any thread may ask; a helper that died is started again, and clusters are opened again by asking."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, Queue[dict[str, Any]]] = {}
        self._process: subprocess.Popen[str] | None = None

    def open(self, cluster: str, properties: Mapping[str, str]) -> None:
        """Connect to a cluster, from now on under its name."""
        self._ask(cluster, "open", properties=dict(properties))

    def close(self, cluster: str) -> None:
        """Forget a cluster."""
        self._ask(cluster, "close")

    def state(self, cluster: str) -> dict[str, Any]:
        """Topics, SCRAM users, quotas, ACLs and metadata version, as the cluster has them."""
        found: dict[str, Any] = self._ask(cluster, "state")
        return found

    def apply(self, cluster: str, changes: Sequence[Change]) -> list[str | None]:
        """Make changes in order; for each the reason where Kafka refused it."""
        if not changes:
            return []
        found: list[str | None] = self._ask(cluster, "apply", changes=list(changes))
        return found

    def stop(self) -> None:
        """End the process."""
        process = self._process
        if process is None:
            return
        with contextlib.suppress(OSError):
            if process.stdin:
                process.stdin.close()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _ask(self, cluster: str, op: str, **rest: Any) -> Any:
        answer: Queue[dict[str, Any]] = Queue(1)
        with self._lock:
            process = self._running()
            number = next(self._numbers)
            self._waiting[number] = answer
            try:
                if process.stdin is None:
                    raise AdminError("the helper has no input")
                # A password may be in the line: it goes through a pipe, never on a command line or into a log.
                process.stdin.write(json.dumps({"id": number, "cluster": cluster, "op": op, **rest}) + "\n")
                process.stdin.flush()
            except OSError as error:
                raise AdminError(f"the helper ended: {error}") from error
        try:
            told = answer.get(timeout=SECONDS)
        except Empty:
            raise AdminError(f"no answer to '{op}' of {cluster} in {SECONDS:.0f} s") from None
        finally:
            self._waiting.pop(number, None)
        if "error" in told:
            raise AdminError(str(told["error"]))
        return told["result"]

    def _running(self) -> subprocess.Popen[str]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        line = command(kafka.DEFAULT, "Admin", heap_mib=96, classes=kafka.classes(SOURCE, kafka.folder()))
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - a Java that was found, our own program
                line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, encoding="utf-8"
            )
        threading.Thread(target=self._listen, args=(self._process,), name="admin", daemon=True).start()
        return self._process

    def _listen(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            told = json.loads(line)
            waiting = self._waiting.get(int(told["id"]))
            if waiting is not None:
                waiting.put(told)
        for waiting in list(self._waiting.values()):
            waiting.put({"error": "the helper ended"})
