"""The servers of one state folder: one etcd, and an API server for each managed cluster that somebody talks to.

Owns      commands, ports, folders, and when a server starts: at the first request for its cluster, and again when
          the sandbox starts again. Each cluster has its own part of etcd, by prefix.
Refuses   any address but 127.0.0.1, and a caller without a certificate of this folder's authority.
Identity  a cluster is known by the number of its record, which is never given twice: a cluster that is deleted and
          made again under its old name is empty.
"""

import base64
import json
import logging
import shutil
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from sandbox.kube import kubeconfig
from sandbox.kube.certificates import made
from sandbox.kube.client import ApiError, Client
from sandbox.kube.process import Owned, end_leftover, free_port
from tools.crds import definitions
from tools.kubernetes import Binaries, binaries

FOLDER = "kube"
_FILE = "cluster.json"
_INSTALLER = "kafka-fleet-sandbox-installer"
"""Field manager of what somebody else installs in a cluster: the CRDs of other projects' programs."""
_SERVICES = "10.96.0.0/16"
_log = logging.getLogger("sandbox")

_ADMISSION_OFF = (
    # It would ask for service accounts and volumes' protectors that only controllers make and remove.
    "ServiceAccount",
    "StorageObjectInUseProtection",
)


@dataclass(frozen=True)
class Cluster:
    """A managed cluster of the sandbox, and where its API server was last."""

    number: int
    name: str
    port: int = 0


class Servers:
    """The processes; safe for several threads."""

    def __init__(self, state_dir: Path, find: Callable[[], Binaries] = binaries) -> None:
        self.folder = state_dir / FOLDER
        self._find = find
        self._files = made(self.folder / "certificates")
        self._lock = threading.Lock()
        self._locks: dict[int, threading.Lock] = {}
        self._etcd = Owned(self.folder / "etcd", "etcd")
        self._etcd_port = 0
        self._running: dict[int, tuple[Owned, Client]] = {}
        self._stopped = False

    def client(self, number: int, name: str) -> Client:
        """A client of a cluster's API server, which is started where it does not run."""
        with self._lock:
            lock = self._locks.setdefault(number, threading.Lock())
        with lock:
            found = self._running.get(number)
            if found is not None and found[0].runs():
                return found[1]
            return self._start(Cluster(number, name))

    def known(self) -> list[Cluster]:
        """The clusters that have had an API server here."""
        found = []
        for file in sorted(self.folder.glob(f"clusters/*/{_FILE}")):
            try:
                found.append(Cluster(**json.loads(file.read_text(encoding="utf-8"))))
            except (OSError, ValueError, TypeError):
                continue
        return found

    def restart(self) -> None:
        """Start what ran before."""
        for one in self.known():
            if not self._stopped:
                self.client(one.number, one.name)

    def forget(self, number: int) -> None:
        """Stop a cluster's server and remove all that it held."""
        with self._lock:
            running = self._running.pop(number, None)
        if running:
            running[0].stop()
            running[1].close()
        folder = self._folder(number)
        end_leftover(folder / "kube-apiserver.process.json")
        if self._etcd.runs():
            self._remove_keys(_prefix(number))
        shutil.rmtree(folder, ignore_errors=True)

    def stop(self) -> None:
        """Stop everything; what the clusters hold stays."""
        self._stopped = True
        with self._lock:
            running, self._running = list(self._running.values()), {}
        for owned, _ in running:
            owned.ask_to_stop()
        for owned, client in running:
            owned.stop()
            client.close()
        self._etcd.stop()

    def _folder(self, number: int) -> Path:
        return self.folder / "clusters" / str(number)

    def _start(self, cluster: Cluster) -> Client:
        self._start_etcd()
        folder = self._folder(cluster.number)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        before = next((one.port for one in self.known() if one.number == cluster.number), 0)
        owned = Owned(folder, "kube-apiserver")
        # A killed sandbox leaves its server on the very port that this one wants.
        end_leftover(folder / "kube-apiserver.process.json")
        port = free_port(before)
        client = Client(f"https://127.0.0.1:{port}", self._files)
        owned.start(self._apiserver(cluster.number, port), client.ready)
        try:
            if not (folder / _FILE).exists():
                for crd in definitions():
                    client.apply(crd, manager=_INSTALLER)
        except BaseException:
            # Nobody would know of it: a server is stopped with the sandbox only once it is among those that run.
            owned.stop()
            raise
        told = asdict(Cluster(cluster.number, cluster.name, port))
        kubeconfig.write(folder / kubeconfig.FILE, cluster.name, client.url, self._files)
        draft = folder / f".{_FILE}"
        draft.write_text(json.dumps(told) + "\n", encoding="utf-8")
        draft.replace(folder / _FILE)
        _log.info("the API server of %s answers at %s", cluster.name, client.url)
        with self._lock:
            if self._stopped:
                owned.stop()
            else:
                self._running[cluster.number] = (owned, client)
        return client

    def _start_etcd(self) -> None:
        with self._lock:
            if self._etcd.runs():
                return
            end_leftover(self._etcd.folder / "etcd.process.json")
            port, peers = free_port(), free_port()
            data = self._etcd.folder / "data"
            files = self._files
            here, there = f"https://127.0.0.1:{port}", f"https://127.0.0.1:{peers}"
            command: list[str | Path] = [self._find().etcd, f"--data-dir={data}", "--name=sandbox"]
            command += [f"--listen-client-urls={here}", f"--advertise-client-urls={here}"]
            command += [f"--listen-peer-urls={there}", f"--initial-advertise-peer-urls={there}"]
            command += [f"--initial-cluster=sandbox={there}", "--client-cert-auth=true", "--peer-client-cert-auth=true"]
            command += [f"--trusted-ca-file={files.authority}", f"--peer-trusted-ca-file={files.authority}"]
            command += [f"--cert-file={files.server}", f"--key-file={files.server_key}"]
            command += [f"--peer-cert-file={files.server}", f"--peer-key-file={files.server_key}"]
            command += ["--log-level=warn"]
            client = Client(here, files)
            self._etcd.start(command, client.ready)
            client.close()
            self._etcd_port = port

    def _apiserver(self, number: int, port: int) -> list[str | Path]:
        files = self._files
        return [
            self._find().apiserver,
            f"--etcd-servers=https://127.0.0.1:{self._etcd_port}",
            f"--etcd-prefix={_prefix(number)}",
            f"--etcd-cafile={files.authority}",
            f"--etcd-certfile={files.administrator}",
            f"--etcd-keyfile={files.administrator_key}",
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            "--endpoint-reconciler-type=none",
            f"--secure-port={port}",
            f"--tls-cert-file={files.server}",
            f"--tls-private-key-file={files.server_key}",
            f"--client-ca-file={files.authority}",
            "--anonymous-auth=false",
            "--authorization-mode=RBAC",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={files.tokens_key}",
            f"--service-account-signing-key-file={files.tokens_key}",
            f"--service-cluster-ip-range={_SERVICES}",
            f"--disable-admission-plugins={','.join(_ADMISSION_OFF)}",
            "--enable-priority-and-fairness=false",
            "--profiling=false",
        ]

    def _remove_keys(self, prefix: str) -> None:
        """By etcd's JSON gateway: everything from the prefix to the first key after it."""
        first = f"{prefix}/".encode()
        last = first[:-1] + bytes([first[-1] + 1])
        client = Client(f"https://127.0.0.1:{self._etcd_port}", self._files)
        sent = {"key": base64.b64encode(first).decode(), "range_end": base64.b64encode(last).decode()}
        try:
            client.call("POST", "/v3/kv/deleterange", sent)
        except ApiError as error:
            _log.warning("what the deleted cluster %s held stays in etcd: %s", prefix, error)
        finally:
            client.close()


def _prefix(number: int) -> str:
    return f"/clusters/{number}"


def end_leftovers(state_dir: Path) -> int:
    """End the servers that a killed sandbox left running; how many there were. API servers go before etcd."""
    folder = state_dir / FOLDER
    files = [*folder.glob("clusters/*/*.process.json"), *folder.glob("etcd/*.process.json")]
    return sum(end_leftover(file) for file in files)
