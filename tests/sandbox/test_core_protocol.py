"""The protocol itself, call by call, as no engine would send it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from sandbox import wire
from sandbox.contract import CloudModel, Refusal, Scope
from sandbox.provider import Provider
from sandbox.store import Store

QUEUE = "aws:sqs/queue:Queue"


def _broken(_arguments: Any, _scope: Any, _world: Any) -> Any:
    raise LookupError("no such zone")


def _model(provider: str, sdk: str) -> CloudModel:
    return CloudModel(
        provider=provider,
        sdk=sdk,
        types={},
        functions={"aws:index/getZone:getZone": _broken},
        scope=lambda config: Scope(provider, str(config.get("clusterIdentifier", "1")), ""),
        check_config=lambda config: [Refusal("law", "Forbidden", "not here")] if config.get("region") == "x" else [],
    )


@pytest.fixture
def stubs(tmp_path: Path) -> Iterator[Any]:
    opened: list[Any] = []
    pool = ThreadPoolExecutor(4)
    store = Store(tmp_path)

    def stub(provider: str = "aws", sdk: str = "pulumi_aws") -> Any:
        server = grpc.server(pool, options=[("grpc.so_reuseport", 0)])
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(_model(provider, sdk), store), server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        opened.extend([channel, server])
        return provider_pb2_grpc.ResourceProviderStub(channel)

    yield stub
    for one in opened:
        one.close() if isinstance(one, grpc.Channel) else one.stop(None)


def _create() -> Any:
    return provider_pb2.CreateRequest(urn=f"urn:pulumi:s::p::{QUEUE}::q", properties=wire.write({"name": "q"}))


def test_it_never_says_that_it_is_the_vendors_provider(stubs: Any) -> None:
    stub = stubs()
    assert "kafka-fleet-sandbox" in stub.GetPluginInfo(empty_pb2.Empty()).version
    shaken = stub.Handshake(provider_pb2.ProviderHandshakeRequest())
    configured = stub.Configure(provider_pb2.ConfigureRequest())
    assert (shaken.accept_secrets, shaken.accept_resources, shaken.accept_outputs) == (
        configured.acceptSecrets,
        configured.acceptResources,
        configured.acceptOutputs,
    )


def test_a_connection_that_never_configured_itself_is_told_so(stubs: Any) -> None:
    with pytest.raises(grpc.RpcError) as error:
        stubs().Create(_create())
    assert error.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert "run the command again" in error.value.details()


def test_a_configuration_that_is_forbidden_is_refused_twice(stubs: Any) -> None:
    stub = stubs()
    config = wire.write({"region": "x", "allowedAccountIds": '["1"', "version": "7"})
    checked = stub.CheckConfig(provider_pb2.CheckRequest(news=config))
    assert [one.reason.split(":")[0] for one in checked.failures] == [
        "[sdk] wrong-type",
        "[law] Forbidden",
    ]
    with pytest.raises(grpc.RpcError) as error:
        stub.Configure(provider_pb2.ConfigureRequest(args=wire.write({"region": "x"})))
    assert error.value.code() is grpc.StatusCode.INVALID_ARGUMENT


def test_a_kubernetes_provider_that_turns_to_another_cluster_is_replaced(stubs: Any) -> None:
    stub = stubs("kubernetes", "pulumi_kubernetes")

    def replaces(before: str, after: str) -> list[str]:
        old, new = wire.write({"clusterIdentifier": before}), wire.write({"clusterIdentifier": after})
        return list(stub.DiffConfig(provider_pb2.DiffRequest(old_inputs=old, news=new)).replaces)

    assert replaces("a", "b") == ["clusterIdentifier"]
    assert replaces("a", "a") == []


def test_functions_that_fail_or_are_unknown_are_told(stubs: Any) -> None:
    stub = stubs()
    stub.Configure(provider_pb2.ConfigureRequest())
    for token, told in (
        ("aws:index/getZone:getZone", "no such zone"),
        ("aws:index/getMoon:getMoon", "the sandbox does not model the function 'aws:index/getMoon:getMoon'"),
    ):
        answer = stub.Invoke(provider_pb2.InvokeRequest(tok=token))
        assert [one.reason for one in answer.failures] == [told]


def test_instances_of_one_provider_do_not_mix(stubs: Any, tmp_path: Path) -> None:
    one = stubs("kubernetes", "pulumi_kubernetes")
    one.Configure(provider_pb2.ConfigureRequest(args=wire.write({"clusterIdentifier": "c1"})))
    request = provider_pb2.CreateRequest(
        urn="urn:pulumi:s::p::kubernetes:core/v1:ConfigMap::c", properties=wire.write({"metadata": {"name": "c"}})
    )
    created = one.Create(request)
    two = stubs("kubernetes", "pulumi_kubernetes")
    two.Configure(provider_pb2.ConfigureRequest(args=wire.write({"clusterIdentifier": "c2"})))
    read = provider_pb2.ReadRequest(id=created.id, urn=request.urn, inputs=request.properties)
    assert one.Read(read).id == created.id
    assert two.Read(read).id == ""
