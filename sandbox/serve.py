"""The sandbox's process: four providers on four ports of this machine, until it is told to stop.

Owns      the servers, the state folder's lock, and the address file that says where they are.
Refuses   a second process on one state folder, and any address but 127.0.0.1.
"""

import argparse
import fcntl
import importlib
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from sandbox.address import MODEL, REAL, Address, process_start, read, write
from sandbox.api.schema import load
from sandbox.backing import Backing
from sandbox.contract import CloudModel
from sandbox.provider import Provider
from sandbox.sdk.types import resource_type
from sandbox.store import Store

if TYPE_CHECKING:
    from sandbox.kube.backing import Kube

LOCK = "sandbox.lock"
LOG = "sandbox.log"
THREADS = 16
TIDY_SECONDS = 5.0

_OPTIONS = [
    ("grpc.so_reuseport", 0),  # gRPC for Python shares a port with whoever holds it already, and halves the calls
    ("grpc.max_receive_message_length", -1),  # a CRD alone can be larger than gRPC's default of 4 MB
    ("grpc.max_send_message_length", -1),
]


def _bind(server: grpc.Server, wanted: int, strict: bool) -> int:
    try:
        return server.add_insecure_port(f"127.0.0.1:{wanted}")
    except RuntimeError:
        if strict or wanted == 0:
            raise
        return server.add_insecure_port("127.0.0.1:0")


def _servers(
    store: Store,
    models: Mapping[str, CloudModel],
    ports: Mapping[str, int],
    before: Mapping[str, int],
    backings: Mapping[str, Backing],
) -> dict[str, tuple[grpc.Server, int]]:
    servers = {}
    for name, model in models.items():
        # Threads of its own: a call to a real API server lasts seconds, and the engine gives up on a cloud that does
        # not answer its first one in time.
        pool = ThreadPoolExecutor(THREADS, thread_name_prefix=name)
        server = grpc.server(pool, options=_OPTIONS)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(model, store, backings.get(name)), server)
        # A restarted sandbox takes its old ports where it can: shells that have them in a variable go on working.
        port = _bind(server, ports.get(name, before.get(name, 0)), strict=name in ports)
        server.start()
        servers[name] = (server, port)
    return servers


def _warm(models: Mapping[str, CloudModel]) -> None:
    """Read what every modelled type needs, before it is asked for: the vendors' SDKs take seconds to import."""
    for model in models.values():
        for token, kind in model.types.items():
            resource_type(model.sdk, token)
            if kind.api is not None:
                load(kind.api)


def _kube(state_dir: Path, store: Store) -> "Kube":
    # Its HTTP client and certificates take a quarter of a second to import, which every other start does without.
    from sandbox.kube.backing import Kube

    return Kube(state_dir, store)


def serve(
    state_dir: Path,
    kubernetes: str,
    ports: Mapping[str, int],
    models: Callable[[], Mapping[str, CloudModel]],
    *,
    warm: bool = False,
) -> int:
    """Run until SIGTERM or SIGINT."""
    state_dir.mkdir(parents=True, exist_ok=True)
    lock = (state_dir / LOCK).open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        logging.getLogger("sandbox").error(  # noqa: TRY400 - the traceback of a lock that is held tells nobody anything
            "another sandbox already serves %s", state_dir
        )
        return 2
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    store = Store(state_dir)
    old = read(state_dir)
    kube = _kube(state_dir, store) if kubernetes == REAL else None
    servers = _servers(
        store, models(), ports, old.ports if old else {}, {"kubernetes": kube} if kube is not None else {}
    )
    address = Address(
        pid=os.getpid(),
        started=process_start(os.getpid()),
        ports={name: port for name, (_, port) in servers.items()},
        kubernetes=kubernetes,
    )
    write(state_dir, address)
    logging.getLogger("sandbox").info("serving %s", address.ports)
    if warm:
        threading.Thread(target=_warm, args=(models(),), name="warm", daemon=True).start()
    if kube is not None:
        threading.Thread(target=kube.restart, name="kube", daemon=True).start()
    tidied = time.monotonic()
    while not stop.wait(0.5):
        store.flush()
        if kube is not None and time.monotonic() - tidied > TIDY_SECONDS:
            kube.tidy()
            tidied = time.monotonic()
    for server, _ in servers.values():
        server.stop(grace=2)
    if kube is not None:
        kube.stop()
    store.flush()
    logging.getLogger("sandbox").info("stopped")
    return 0


def main() -> int:
    """Command line of the process; people use `fleet sandbox start`."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.serve", description=__doc__)
    parser.add_argument("state_dir", type=Path)
    parser.add_argument(
        "--kubernetes", choices=(MODEL, REAL), default=MODEL, help="whether a real API server stands behind"
    )
    parser.add_argument("--port", action="append", default=[], help="provider=port; others are chosen")
    parser.add_argument("--warm", action="store_true", help="read every modelled type's SDK at once, in the background")
    parser.add_argument("--models", default="sandbox.models:clouds", help="module:function with the clouds to play")
    arguments = parser.parse_args()
    module, _, function = arguments.models.partition(":")
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    ports = {name: int(port) for name, port in (one.split("=", 1) for one in arguments.port)}
    models = getattr(importlib.import_module(module), function)
    return serve(arguments.state_dir.resolve(), arguments.kubernetes, ports, models, warm=arguments.warm)


if __name__ == "__main__":
    sys.exit(main())
