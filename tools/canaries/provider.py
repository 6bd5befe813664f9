# ruff: noqa: N802 - the methods have the protocol's names
"""A provider that is told a secret and is careless with it.

Owns      one resource type: it gives a secret output, and refuses with whatever text it is told to refuse with.
Refuses   to be a cloud.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

_MARK, _SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"


class _Careless(provider_pb2_grpc.ResourceProviderServicer):
    def __init__(self, generated: str) -> None:
        self._generated = generated

    def Handshake(self, _request: Any, _context: Any) -> Any:
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=True, accept_outputs=True)

    def Attach(self, _request: Any, _context: Any) -> Any:
        return empty_pb2.Empty()

    def Cancel(self, _request: Any, _context: Any) -> Any:
        return empty_pb2.Empty()

    def GetPluginInfo(self, _request: Any, _context: Any) -> Any:
        return plugin_pb2.PluginInfo(version="1.0.0")

    def CheckConfig(self, request: Any, _context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def Check(self, request: Any, _context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, _request: Any, _context: Any) -> Any:
        return provider_pb2.DiffResponse()

    def Configure(self, _request: Any, _context: Any) -> Any:
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, acceptResources=True, acceptOutputs=True
        )

    def Diff(self, request: Any, _context: Any) -> Any:
        old, new = (json_format.MessageToDict(one) for one in (request.old_inputs, request.news))
        changed = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
        update = provider_pb2.PropertyDiff(kind=provider_pb2.PropertyDiff.Kind.UPDATE, inputDiff=True)
        some = provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(
            changes=some, diffs=changed, detailedDiff=dict.fromkeys(changed, update), hasDetailedDiff=True
        )

    def Create(self, request: Any, context: Any) -> Any:
        given = json_format.MessageToDict(request.properties)
        if not request.preview and "refuse" in given:
            refusal = given["refuse"]
            said = refusal["value"] if isinstance(refusal, dict) else refusal
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"refused: {' '.join(json.loads(said))}")
        return provider_pb2.CreateResponse(id="" if request.preview else "id", properties=self._outputs(given))

    def Update(self, request: Any, _context: Any) -> Any:
        return provider_pb2.UpdateResponse(properties=self._outputs(json_format.MessageToDict(request.news)))

    def Read(self, request: Any, _context: Any) -> Any:
        return provider_pb2.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)

    def Delete(self, _request: Any, _context: Any) -> Any:
        return empty_pb2.Empty()

    def _outputs(self, given: dict[str, Any]) -> struct_pb2.Struct:
        made = struct_pb2.Struct()
        made.update({**given, "made": {_MARK: _SECRET, "value": self._generated}})
        return made


@contextmanager
def serving(generated: str) -> Iterator[str]:
    """Serve it in this process; gives the value of PULUMI_DEBUG_PROVIDERS. `generated` is the secret that it makes."""
    server = grpc.server(ThreadPoolExecutor(8), options=[("grpc.so_reuseport", 0)])
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(_Careless(generated), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"careless:{port}"
    server.stop(None)
