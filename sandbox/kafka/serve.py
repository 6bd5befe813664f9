"""The process of the real Kafkas: watches the sandbox's database and keeps a node for each chosen cluster.

Owns      one reconciler a cluster, the lock of the state folder, the file `kafka.json` that says where it is.
Refuses   to write to the sandbox's database, and to stop nodes when it is killed: its successor finds them.
"""

import argparse
import fcntl
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from sandbox.address import process_start
from sandbox.kafka.admin import Admin
from sandbox.kafka.declared import Watch
from sandbox.kafka.place import Place, private, read_json, root, write_json
from sandbox.kafka.reconciler import Reconciler

FILE, LOCK, LOG, CHOICE = "kafka.json", "kafka.lock", "kafka.log", "chosen.json"
POLL_SECONDS = 0.25
STARTING_AT_ONCE = 2


def chosen(state_dir: Path, cluster: str) -> bool:
    """Whether a cluster is to have a real Kafka: all of them where none was named."""
    names = read_json(root(state_dir) / CHOICE).get("clusters", [])
    return not names or cluster in names


def serve(state_dir: Path) -> int:
    """Run until SIGTERM or SIGINT, and then stop everything."""
    folder = private(root(state_dir))
    lock = (folder / LOCK).open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        logging.getLogger("kafka").error("another process already keeps the Kafkas of %s", state_dir)  # noqa: TRY400 - a traceback tells nobody anything
        return 2
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    admin = Admin(folder / LOG)
    write_json(folder / FILE, {"pid": os.getpid(), "started": process_start(os.getpid())})
    reconcilers: dict[str, Reconciler] = {}
    try:
        _watch(state_dir, admin, reconcilers, stop)
    finally:
        _end(list(reconcilers.values()))
        admin.stop()
        (folder / FILE).unlink(missing_ok=True)
    return 0


def _watch(state_dir: Path, admin: Admin, reconcilers: dict[str, Reconciler], stop: threading.Event) -> None:
    watch = Watch(state_dir)
    starting = threading.Semaphore(STARTING_AT_ONCE)
    choice: float | None = None
    while not stop.wait(POLL_SECONDS):
        changed, at = watch.changed(), (root(state_dir) / CHOICE).stat().st_mtime
        if not changed and at == choice:
            continue
        choice = at
        declared = {name: one for name, one in watch.read().items() if chosen(state_dir, name)}
        for name, cluster in declared.items():
            if name not in reconcilers:
                reconcilers[name] = Reconciler(state_dir, name, admin, starting)
                reconcilers[name].start()
            reconcilers[name].want(cluster)
        _end([reconcilers.pop(name) for name in sorted(set(reconcilers) - declared.keys())])
        leave(state_dir, keep=set(declared))


def leave(state_dir: Path, keep: set[str]) -> int:
    """Stop what still runs of clusters that nobody keeps any more; how many nodes that were."""
    from sandbox.kafka.process import Process

    stopped = 0
    for folder in root(state_dir).iterdir() if root(state_dir).is_dir() else ():
        if not folder.is_dir() or folder.name in keep:
            continue
        beside = [*(folder / "connect").glob("*/worker.json"), *(folder / "registry").glob("*/registry.json")]
        for file in (*beside, folder / "broker.json"):
            if file.exists() and Process(file).stop():
                stopped += 1
                said = read_json(Place(state_dir, folder.name).status)
                if said:
                    write_json(folder / "status.json", {**said, "state": "stopped", "pid": 0})
    return stopped


def _end(reconcilers: list[Reconciler]) -> None:
    """Stop clusters side by side: each node takes a second to put its logs away."""
    threads = [threading.Thread(target=one.end) for one in reconcilers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> int:
    """Command line of the process; people use `fleet sandbox start --kafka real`."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.kafka.serve", description=__doc__)
    parser.add_argument("state_dir", type=Path)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    return serve(parser.parse_args().state_dir.resolve())


if __name__ == "__main__":
    sys.exit(main())
