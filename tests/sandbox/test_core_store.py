"""The file: a refused change leaves nothing, a killed process loses nothing that it has told."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sandbox.contract import Record, Scope
from sandbox.store import Store
from sandbox.world import StoreWorld

SCOPE = Scope("aws", "1", "eu-west-1")
NOTHING: frozenset[tuple[str, ...]] = frozenset()


def record(id: str, type: str = "t", **inputs: object) -> Record:
    return Record(f"urn:{id}", type, id, SCOPE, inputs, {**inputs, "arn": f"arn:{id}"})


def put(store: Store, *records: Record) -> None:
    with store.effect() as connection:
        for one in records:
            store.insert(connection, one, NOTHING)


def test_an_effect_is_whole_or_not_at_all(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(RuntimeError), store.effect() as connection:
        store.insert(connection, record("a"), NOTHING)
        store.sequence("s", keep=True)
        raise RuntimeError
    assert store.rows("true") == []
    assert store.sequence("s", keep=False) == 1
    assert store.connection().execute("SELECT count(*) FROM strings").fetchone() == (0,)


def test_the_world_finds_things_by_id_output_and_mention(tmp_path: Path) -> None:
    store = Store(tmp_path)
    put(store, record("vpc-1", "vpc"), record("subnet-1", "subnet", vpcId="vpc-1", tags={"is": "subnet-1"}))
    world = StoreWorld(store, keep=False)
    vpc = world.find("vpc", "vpc-1", SCOPE)
    assert vpc is not None
    assert world.find("vpc", "vpc-1", Scope("aws", "2", "eu-west-1")) is None
    assert [one.id for one in world.all("subnet", SCOPE)] == ["subnet-1"]
    assert [one.id for one in world.by_output("arn", "arn:vpc-1")] == ["vpc-1"]
    assert world.by_output("arn", "arn:vpc-1", "subnet") == []
    assert [one.id for one in world.mentions("vpc-1")] == ["subnet-1"]
    assert [one.id for one in world.users(vpc)] == ["subnet-1"]


def test_a_tag_or_a_name_of_equal_text_is_no_use(tmp_path: Path) -> None:
    store = Store(tmp_path)
    put(store, record("orders", "cluster"), record("r", "role", name="orders", tags={"cluster": "orders"}))
    put(store, record("p", "pod", metadata={"labels": {"app": "orders"}, "name": "orders"}))
    world = StoreWorld(store, keep=False)
    cluster = world.find("cluster", "orders")
    assert cluster is not None
    assert len(world.mentions("orders")) == 2
    assert world.users(cluster) == []


def test_changes_of_another_process_are_seen(tmp_path: Path) -> None:
    one, two = Store(tmp_path), Store(tmp_path)
    put(one, record("a", size=1))
    (row,) = two.rows("true")
    with two.effect() as connection:
        two.replace(connection, row.number, record("a", size=2), NOTHING)
    assert one.rows("true")[0].record.inputs == {"size": 2}


def test_sequences_move_on_only_in_an_effect(tmp_path: Path) -> None:
    store = Store(tmp_path)
    look = StoreWorld(store, keep=False)
    assert [look.sequence("s"), look.sequence("s")] == [1, 2]
    with store.effect():
        assert StoreWorld(store, keep=True).sequence("s") == 1
    assert StoreWorld(store, keep=False).sequence("s") == 2


def test_the_log_waits_for_no_disk_and_is_not_lost_by_a_refusal(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.log("aws", "check", "urn", result="ok", detail="", started=0)
    assert store.connection().execute("SELECT count(*) FROM log").fetchone() == (0,)
    with pytest.raises(RuntimeError), store.effect():
        raise RuntimeError
    store.flush()
    assert store.connection().execute("SELECT method FROM log").fetchall() == [("check",)]


def test_writers_wait_for_one_another(tmp_path: Path) -> None:
    store = Store(tmp_path)

    def write(thread: int) -> None:
        for number in range(10):
            with store.effect() as connection:
                store.insert(connection, record(f"{thread}-{number}-{store.sequence('s', keep=True)}"), NOTHING)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.rows("true")) == 60
    assert store.sequence("s", keep=False) == 61


WRITER = """
import sys
from pathlib import Path
from tests.sandbox.test_core_store import put, record
from sandbox.store import Store
store = Store(Path(sys.argv[1]))
number = 0
while True:
    number += 1
    put(store, record(f"a{number}"), record(f"b{number}"))
    print(number, flush=True)
"""


def test_what_was_told_survives_a_kill_and_pairs_stay_pairs(tmp_path: Path) -> None:
    for _ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert writer.stdout is not None
        told = [writer.stdout.readline() for _ in range(7)][-1]
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        rows = Store(tmp_path).rows("true")
        ids = [row.record.id for row in rows]
        assert ids[-1][0] == "b"
        assert int(ids[-1][1:]) >= int(told)
        assert len(ids) == 2 * int(ids[-1][1:])
        with Store(tmp_path).effect() as connection:
            connection.execute("DELETE FROM resources")
