"""The sandbox's process from outside: one per state folder, found, stopped, restarted on its old ports."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import address, control
from sandbox.contract import Record, Scope
from sandbox.store import Store


def test_one_server_a_folder_and_its_state_outlives_it(tmp_path: Path) -> None:
    first = control.start(tmp_path)
    try:
        assert control.start(tmp_path) == first
        assert set(first.ports) == {"aws", "gcp", "azure-native", "kubernetes"}
        assert control.debug_providers(tmp_path).count(":") == 4
        second = subprocess.run(
            [sys.executable, "-m", "sandbox.serve", str(tmp_path)],
            capture_output=True,
            text=True,
            check=False,
            cwd=Path(__file__).parents[2],
        )
        assert second.returncode == 2
        assert "another sandbox already serves" in second.stderr
        seen = control.status(tmp_path)
        assert (seen.pid, seen.ports) == (first.pid, first.ports)
        assert 0 < seen.uptime_seconds < 60

        os.kill(first.pid, signal.SIGKILL)
        os.waitpid(first.pid, 0)
        assert address.live(tmp_path) is None
        assert control.status(tmp_path).pid == 0
        with pytest.raises(control.SandboxError, match="no sandbox runs"):
            control.debug_providers(tmp_path)

        again = control.start(tmp_path)
        assert again.pid != first.pid
        assert again.ports == first.ports
        assert control.stop(tmp_path)
        assert not control.stop(tmp_path)
        assert "stopped" in (tmp_path / "sandbox.log").read_text()
    finally:
        control.stop(tmp_path)


def test_a_port_that_was_asked_for_is_taken_or_refused(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(control.SandboxError, match="before it was ready"):
            control.start(tmp_path, ports={"aws": port})
    try:
        assert control.start(tmp_path, ports={"aws": port}).ports["aws"] == port
    finally:
        control.stop(tmp_path)


def test_another_process_with_the_same_id_is_not_ours(tmp_path: Path) -> None:
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        address.write(tmp_path, address.Address(sleeper.pid, 1, {"aws": 1}, "model"))
        assert address.live(tmp_path) is None
        assert not control.stop(tmp_path)
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"pid": 1}', '{"pid": "x", "started": 1, "ports": {}, "kubernetes": ""}']
)
def test_half_an_address_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / address.FILE).write_text(text)
    assert address.read(tmp_path) is None


def test_looking_and_faults_need_no_server(tmp_path: Path) -> None:
    store = Store(tmp_path)
    record = Record(
        "urn:a", "aws:sqs/queue:Queue", "q", Scope("aws", "1", "r"), {"policy": "hush"}, {"policy": "hush", "n": 1}
    )
    with store.effect() as connection:
        store.insert(connection, record, frozenset({("policy",)}))
    (seen,) = control.ls(tmp_path, type="aws:sqs/*")
    assert (seen.id, seen.inputs, seen.outputs) == ("q", {"policy": "[secret]"}, {"policy": "[secret]", "n": 1})
    assert control.ls(tmp_path, type="gcp:*") == []
    assert control.get(tmp_path, "urn:a") == control.get(tmp_path, "q") == [seen]
    assert control.status(tmp_path).counts == {"aws": {"aws:sqs/queue:Queue": 1}}

    number = control.fault_add(tmp_path, "latency", "aws:*", parameters={"seconds": 1})
    assert [(one.id, one.kind, one.parameters) for one in control.fault_list(tmp_path)] == [
        (number, "latency", {"seconds": 1})
    ]
    assert control.fault_clear(tmp_path, number) == 1
    json.dumps(control.calls(tmp_path))


@pytest.mark.parametrize(
    ("kind", "more", "told"),
    [
        ("flood", {}, "'flood' is not a fault"),
        ("latency", {}, "needs 'seconds'"),
        ("quota", {"parameters": {"limit": "x"}}, "needs 'limit'"),
        ("throttle", {"probability": 0}, "probability is 0"),
        ("throttle", {"method": "check"}, "'check' is not a method"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(tmp_path: Path, kind: str, more: dict[str, object], told: str) -> None:
    Store(tmp_path)
    with pytest.raises(control.SandboxError, match=told):
        control.fault_add(tmp_path, kind, **more)  # type: ignore[arg-type] # wrong on purpose


def test_a_folder_without_a_sandbox_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(control.SandboxError, match="holds no sandbox"):
        control.ls(tmp_path)
