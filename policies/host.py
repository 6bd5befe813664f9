"""The pack where the engine finds it: in this process, or in one of its own.

Owns      the server, and how its port reaches the engine.
Refuses   to outlive the engine: a process of its own ends with the pipe that the engine holds.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from pulumi.runtime.proto import AnalyzerServicer, analyzer_pb2_grpc

from policies.pack import analyzer

_MESSAGE_BYTES = 1024 * 1024 * 400
"""What the vendor's own hosts allow: a CRD as one property is larger than gRPC's default of 4 MB permits."""
_FOLDER = Path(__file__).parent / "hosted"
_VARIABLE = "KAFKA_FLEET_ANALYZER"


@dataclass(frozen=True)
class Session:
    """The pack for one engine process. Its arguments and variables are added to the engine's."""

    port: int

    @property
    def arguments(self) -> list[str]:
        """For `preview` and `up`."""
        return ["--policy-pack", str(_FOLDER)]

    def environment(self, path: str) -> dict[str, str]:
        """Variables over the engine's own, whose PATH is `path`: the engine looks for a pack's starter there."""
        return {_VARIABLE: str(self.port), "PATH": f"{_FOLDER}{os.pathsep}{path}"}


@contextmanager
def hosted(config: Mapping[str, Mapping[str, Any]]) -> Iterator[Session]:
    """The pack in this process, with its configuration, for as long as one engine runs.

    An engine that starts a Python of its own for the pack waits half a second for it, for each stack.
    """
    server, port = _serve(analyzer(config))
    try:
        yield Session(port)
    finally:
        server.stop(grace=None)


def stand_alone() -> None:
    """The pack as a process that the stock engine starts: tells its port, and ends when the engine is gone."""
    server, port = _serve(analyzer())
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):  # how the engine ends a plugin
        sys.stdin.buffer.read()
    server.stop(grace=None)


def _serve(pack: AnalyzerServicer) -> tuple[grpc.Server, int]:
    server = grpc.server(
        ThreadPoolExecutor(max_workers=2, thread_name_prefix="policies"),
        options=[("grpc.max_receive_message_length", _MESSAGE_BYTES), ("grpc.so_reuseport", 0)],
    )
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(pack, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port
