"""Servers that belong to the sandbox, tried with processes that are no API servers; certificates; kubeconfigs."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature

from sandbox import control
from sandbox.address import Address, process_start, write
from sandbox.kube import certificates, kubeconfig
from sandbox.kube.process import Owned, ServerError, end_leftover, free_port

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_a_server_that_ends_at_once_is_told_with_the_end_of_its_log(tmp_path: Path) -> None:
    owned = Owned(tmp_path, "server")
    command = [sys.executable, "-c", "print('no such flag: --x', flush=True); raise SystemExit(3)"]
    with pytest.raises(ServerError, match=r"server ended with code 3 before it was ready:\nno such flag: --x"):
        owned.start(command, lambda: False)


def test_what_a_killed_sandbox_left_is_ended_and_nothing_else(tmp_path: Path) -> None:
    owned = Owned(tmp_path, "server")
    owned.start(SLEEP, lambda: True)
    assert owned.runs()
    told = json.loads((tmp_path / "server.process.json").read_text())
    # Another sandbox finds the file: nobody else knows of this process any more.
    assert end_leftover(tmp_path / "server.process.json")
    assert process_start(told["pid"]) == 0 or not owned.runs()
    other = subprocess.Popen(SLEEP)
    try:
        (tmp_path / "server.process.json").write_text(json.dumps({"pid": other.pid, "started": 1}))
        assert not end_leftover(tmp_path / "server.process.json")
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', '{"pid": "x", "started": 0}'])
def test_half_a_process_file_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.process.json").write_text(text)
    assert not end_leftover(tmp_path / "x.process.json")


def test_a_server_is_stopped_and_its_file_goes(tmp_path: Path) -> None:
    owned = Owned(tmp_path, "server")
    owned.start(SLEEP, lambda: True)
    started = time.monotonic()
    owned.stop()
    assert time.monotonic() - started < 4
    assert not owned.runs()
    assert not (tmp_path / "server.process.json").exists()


def test_a_port_that_is_taken_is_not_given(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) != port
    assert free_port(port) == port


def test_certificates_are_made_once_and_are_their_owners_alone(tmp_path: Path) -> None:
    files = certificates.made(tmp_path / "c")
    first = files.authority.read_bytes()
    assert certificates.made(tmp_path / "c").authority.read_bytes() == first
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "c").iterdir()} == {0o600}
    authority = x509.load_pem_x509_certificate(first)
    for path in (files.server, files.administrator):
        x509.load_pem_x509_certificate(path.read_bytes()).verify_directly_issued_by(authority)
    other = x509.load_pem_x509_certificate(certificates.made(tmp_path / "d").authority.read_bytes())
    with pytest.raises(InvalidSignature):
        x509.load_pem_x509_certificate(files.server.read_bytes()).verify_directly_issued_by(other)


def test_a_kubeconfig_is_found_by_id_last_part_or_end_of_the_name(tmp_path: Path) -> None:
    files = certificates.made(tmp_path / "certificates")
    for number, name in enumerate(("kf-lab", "projects/p/clusters/kf-other-lab", "kf-dev")):
        folder = tmp_path / "clusters" / str(number)
        folder.mkdir(parents=True)
        (folder / "cluster.json").write_text(json.dumps({"number": number, "name": name, "port": 1}))
        kubeconfig.write(folder / kubeconfig.FILE, name, "https://127.0.0.1:1", files)
    assert kubeconfig.find(tmp_path, "dev")[0] == tmp_path / "clusters" / "2" / kubeconfig.FILE
    assert kubeconfig.find(tmp_path, "kf-lab")[0] == tmp_path / "clusters" / "0" / kubeconfig.FILE
    assert kubeconfig.find(tmp_path, "kf-other-lab")[0] == tmp_path / "clusters" / "1" / kubeconfig.FILE
    assert kubeconfig.find(tmp_path, "lab") == (None, ["kf-dev", "kf-lab", "kf-other-lab"])
    assert (tmp_path / "clusters" / "2" / kubeconfig.FILE).stat().st_mode & 0o777 == 0o600


def test_a_kubernetes_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(control.SandboxError, match="'minikube' is no Kubernetes of the sandbox: model or real"):
        control.start(tmp_path, kubernetes="minikube")
    with pytest.raises(control.SandboxError, match="no API server runs: start the sandbox with"):
        control.kubeconfig(tmp_path, "lab")


def test_a_folder_with_objects_keeps_its_kubernetes(tmp_path: Path) -> None:
    from sandbox.contract import Record, Scope
    from sandbox.store import Store

    write(tmp_path, Address(1, 1, {}, "model"))
    record = Record("urn:a", "kubernetes:core/v1:Namespace", "a", Scope("kubernetes", "1", "r"), {}, {})
    store = Store(tmp_path)
    with store.effect() as connection:
        store.insert(connection, record, frozenset())
    with pytest.raises(control.SandboxError, match="holds 1 Kubernetes objects that were made with 'model'"):
        control.start(tmp_path, kubernetes="real")
