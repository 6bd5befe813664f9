# ruff: noqa: N802 - the methods of servers have the protocol's names
"""A provider that takes everything: samples that break a policy would break the sandbox's laws first.

Owns      just enough of the protocol for previews and applies of samples.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime import proto
from pulumi.runtime.proto import provider_pb2_grpc

PACKAGES = ("aws", "gcp", "azure-native", "kubernetes", "random")


class _Yes(provider_pb2_grpc.ResourceProviderServicer):
    def __init__(self) -> None:
        self.made: dict[str, Any] = {}

    def Handshake(self, _request: Any, _context: Any) -> Any:
        return proto.ProviderHandshakeResponse(accept_secrets=True)

    def Attach(self, _request: Any, _context: Any) -> Any:
        return empty_pb2.Empty()

    def GetPluginInfo(self, _request: Any, _context: Any) -> Any:
        return proto.PluginInfo(version="9.9.9")

    def CheckConfig(self, request: Any, _context: Any) -> Any:
        return proto.CheckResponse(inputs=request.news)

    def DiffConfig(self, _request: Any, _context: Any) -> Any:
        return proto.DiffResponse(changes=proto.DiffResponse.DIFF_NONE)

    def Configure(self, _request: Any, _context: Any) -> Any:
        return proto.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Check(self, request: Any, _context: Any) -> Any:
        return proto.CheckResponse(inputs=request.news)

    def Diff(self, _request: Any, _context: Any) -> Any:
        return proto.DiffResponse(changes=proto.DiffResponse.DIFF_NONE)

    def Create(self, request: Any, _context: Any) -> Any:
        self.made[request.urn] = request.properties
        return proto.CreateResponse(id="" if request.preview else "made", properties=request.properties)

    def Delete(self, _request: Any, _context: Any) -> Any:
        return empty_pb2.Empty()

    def Cancel(self, _request: Any, _context: Any) -> Any:
        return empty_pb2.Empty()


@contextmanager
def permissive() -> Iterator[tuple[str, dict[str, Any]]]:
    """Value of PULUMI_DEBUG_PROVIDERS, and the properties that each URN was created with."""
    servicer = _Yes()
    server = grpc.server(ThreadPoolExecutor(8), options=[("grpc.so_reuseport", 0)])
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield ",".join(f"{package}:{port}" for package in PACKAGES), servicer.made
    finally:
        server.stop(grace=None)
