# ruff: noqa: N802 - the methods have the protocol's names
"""A provider of one resource type, for tests of the runner: what it does is said by the resource's own inputs.

`value` updates in place, `size` replaces; `refuse` fails the creation, `slow` takes that many seconds, `die` kills the
provider in the middle of it.
"""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

_MARK = "4dabf18193072939515e22adb298388d"


class TinyProvider(provider_pb2_grpc.ResourceProviderServicer):
    def __init__(self) -> None:
        self.created: list[str] = []

    def Handshake(self, request: Any, context: Any) -> Any:
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=True, accept_outputs=True)

    def Attach(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    Cancel = Attach

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version="1.0.0")

    def CheckConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.DiffResponse()

    def Configure(self, request: Any, context: Any) -> Any:
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, acceptResources=True, acceptOutputs=True
        )

    def Check(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(self, request: Any, context: Any) -> Any:
        old, new = plain(request.old_inputs), plain(request.news)
        kinds = provider_pb2.PropertyDiff.Kind
        detailed = {
            key: provider_pb2.PropertyDiff(kind=kinds.UPDATE_REPLACE if key == "size" else kinds.UPDATE, inputDiff=True)
            for key in sorted(old.keys() | new.keys())
            if old.get(key) != new.get(key)
        }
        some = provider_pb2.DiffResponse.DIFF_SOME if detailed else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(
            changes=some,
            diffs=list(detailed),
            replaces=["size"] if "size" in detailed else [],
            detailedDiff=detailed,
            hasDetailedDiff=True,
        )

    def Create(self, request: Any, context: Any) -> Any:
        values = plain(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(properties=request.properties)
        if values.get("refuse"):
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"tiny refuses: {values['refuse']}")
        time.sleep(float(values.get("slow", 0)))
        if values.get("die"):
            os._exit(9)
        self.created.append(request.urn)
        return provider_pb2.CreateResponse(id=f"id-{request.name}", properties=request.properties)

    def Update(self, request: Any, context: Any) -> Any:
        return provider_pb2.UpdateResponse(properties=request.news)

    def Read(self, request: Any, context: Any) -> Any:
        return provider_pb2.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)

    def Delete(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()


def plain(properties: Any) -> Mapping[str, Any]:
    """Properties as JSON, secrets bare."""

    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            return bare(value["value"]) if _MARK in value else {key: bare(one) for key, one in value.items()}
        return [bare(one) for one in value] if isinstance(value, list) else value

    found: Mapping[str, Any] = bare(json_format.MessageToDict(properties))
    return found


@contextmanager
def serving() -> Iterator[str]:
    """Serve it in this process; gives the value of PULUMI_DEBUG_PROVIDERS."""
    server, port = _server()
    yield f"tiny:{port}"
    server.stop(None)


def _server() -> tuple[Any, int]:
    server = grpc.server(ThreadPoolExecutor(8), options=[("grpc.so_reuseport", 0)])
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(TinyProvider(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


if __name__ == "__main__":
    running, chosen = _server()
    sys.stdout.write(f"{chosen}\n")
    sys.stdout.flush()
    running.wait_for_termination()
