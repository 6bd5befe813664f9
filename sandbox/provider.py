# ruff: noqa: N802, D102, ARG002 - names, meanings and arguments of the calls are the protocol's
"""The Pulumi provider protocol, for one cloud.

Owns      the answer to every call that the stock engine makes: what is read, judged, changed and said.
Refuses   to decide: verdicts come from sandbox/judge.py, differences from sandbox/diff.py, effects from the store.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from sandbox import defaults, diff, wire
from sandbox.backing import Backing
from sandbox.contract import CloudModel, Properties, Refusal, Scope, World
from sandbox.faults import ThrottledError
from sandbox.instances import Instance, Instances, UnconfiguredError, decoded
from sandbox.resources import InitFailedError, RefusedError, Resources, Target
from sandbox.sdk.judge import judge as judge_sdk
from sandbox.sdk.types import provider_type
from sandbox.store import Store
from sandbox.world import StoreWorld

VERSION = "0.1.0+kafka-fleet-sandbox"
_log = logging.getLogger("sandbox")

Function = Callable[[Properties, Scope, World], Properties]
_KINDS = provider_pb2.PropertyDiff.Kind


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """One of the four providers."""

    def __init__(self, model: CloudModel, store: Store, backing: Backing | None = None) -> None:
        self.model = model
        self.store = store
        self.instances = Instances()
        self.resources = Resources(model, store, backing)

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, accept_resources=True, accept_outputs=True, supports_autonaming_configuration=False
        )

    def Attach(self, request: Any, context: grpc.ServicerContext) -> Any:
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetSchema(self, request: Any, context: grpc.ServicerContext) -> Any:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "the sandbox has no schema: use the vendor's SDK")

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:
        return empty_pb2.Empty()

    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        plain = wire.read(request.news)
        values = decoded(self.model.sdk, plain.values)
        kind = provider_type(self.model.sdk)
        refusals = [*judge_sdk(kind, values), *self.model.check_config(values)]
        failures = _failures(refusals, wire.secret_texts(plain.values, plain.secrets))
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    def DiffConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        old = decoded(self.model.sdk, wire.read(request.old_inputs or request.olds).values)
        new = decoded(self.model.sdk, wire.read(request.news).values)
        found = diff.changes(old, new, ignore=request.ignoreChanges)
        # A Kubernetes provider that turns to another cluster leaves everything behind: the vendor replaces it.
        moves = self.model.provider == "kubernetes" and not wire.has_unknown(new)
        if moves and self.model.scope(old).account != self.model.scope(new).account:
            found = [diff.Change(one.path, one.kind, replaces=True) for one in found]
        return _diff_response(found, delete_first=False)

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:
        values = decoded(self.model.sdk, wire.read(request.args).values)
        refusals = list(self.model.check_config(values))
        if refusals:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "\n".join(_said(one) for one in refusals))
        self.instances.remember(context.peer(), Instance(self.model.scope(values), values))
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, acceptResources=True, acceptOutputs=True
        )

    def Check(self, request: Any, context: grpc.ServicerContext) -> Any:
        def answer(target: Target) -> tuple[Any, str]:
            config = self.instances.get(context.peer()).config
            news, plain = defaults.merged(self.model, target.type, config, request.news)
            refusals = self.resources.check(target, plain, wire.digest(news), wire.read(request.olds).values)
            failures = _failures(refusals, wire.secret_texts(plain.values, plain.secrets))
            text = "; ".join(failure.reason for failure in failures)
            return provider_pb2.CheckResponse(inputs=news, failures=failures), text

        return self._call("check", request, context, answer)

    def Diff(self, request: Any, context: grpc.ServicerContext) -> Any:
        def answer(target: Target) -> tuple[Any, str]:
            old = request.old_inputs if request.HasField("old_inputs") else request.olds
            found, delete_first = self.resources.diff(target, old, request.news, request.ignoreChanges)
            replaces = ",".join(one.dotted for one in found if one.replaces)
            changed = ",".join(one.dotted for one in found)
            return _diff_response(found, delete_first), f"changed {changed}; replaces {replaces}" if found else "same"

        return self._call("diff", request, context, answer)

    def Create(self, request: Any, context: grpc.ServicerContext) -> Any:
        def answer(target: Target) -> tuple[Any, str]:
            plain, digest = wire.read(request.properties), wire.digest(request.properties)
            if request.preview:
                outputs = self.resources.preview_create(target, plain, digest)
                return provider_pb2.CreateResponse(properties=wire.write(outputs, plain.secrets)), "preview"
            record, secrets = self.resources.create(target, plain, digest)
            return provider_pb2.CreateResponse(id=record.id, properties=wire.write(record.outputs, secrets)), record.id

        return self._call("create", request, context, answer)

    def Read(self, request: Any, context: grpc.ServicerContext) -> Any:
        def answer(target: Target) -> tuple[Any, str]:
            found = self.resources.read(target, request.id, wire.read(request.inputs))
            if found is None:
                return provider_pb2.ReadResponse(), "absent"
            record, inputs, secrets = found
            response = provider_pb2.ReadResponse(
                id=record.id, properties=wire.write(record.outputs, secrets), inputs=wire.write(inputs, secrets)
            )
            return response, record.id

        return self._call("read", request, context, answer)

    def Update(self, request: Any, context: grpc.ServicerContext) -> Any:
        def answer(target: Target) -> tuple[Any, str]:
            plain, digest = wire.read(request.news), wire.digest(request.news)
            if request.preview:
                outputs, secrets = self.resources.preview_update(target, request.id, plain, digest)
                return provider_pb2.UpdateResponse(properties=wire.write(outputs, secrets)), "preview"
            record, secrets = self.resources.update(target, request.id, plain, digest)
            return provider_pb2.UpdateResponse(properties=wire.write(record.outputs, secrets)), record.id

        return self._call("update", request, context, answer)

    def Delete(self, request: Any, context: grpc.ServicerContext) -> Any:
        def answer(target: Target) -> tuple[Any, str]:
            return empty_pb2.Empty(), self.resources.delete(target, request.id)

        return self._call("delete", request, context, answer)

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:
        started = time.perf_counter()
        plain = wire.read(request.args)
        try:
            instance = self.instances.get(context.peer())
            result = self._function(request.tok)(plain.values, instance.scope, StoreWorld(self.store, keep=False))
        except (LookupError, ValueError) as error:
            self.store.log(
                self.model.provider, "invoke", request.tok, result="refused", detail=str(error), started=started
            )
            return provider_pb2.InvokeResponse(failures=[provider_pb2.CheckFailure(reason=str(error.args[0]))])
        except UnconfiguredError as error:
            return context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        self.store.log(self.model.provider, "invoke", request.tok, result="ok", detail="", started=started)
        response = provider_pb2.InvokeResponse()
        # The field's name is a word of Python's own.
        getattr(response, "return").CopyFrom(wire.write(result))
        return response

    def _function(self, token: str) -> Function:
        function = self.model.functions.get(token)
        if function is None:
            raise LookupError(f"the sandbox does not model the function '{token}'")
        return function

    def _call(
        self,
        method: str,
        request: Any,
        context: grpc.ServicerContext,
        answer: Callable[[Target], tuple[Any, str]],
    ) -> Any:
        """Answer a call about a resource; whatever happens is in the log with its time."""
        started = time.perf_counter()

        def log(result: str, detail: str) -> None:
            self.store.log(
                self.model.provider, method, request.urn, result=result, detail=detail[:2000], started=started
            )

        try:
            instance = self.instances.get(context.peer())
            response, detail = answer(Target(request.urn, _type(request), instance.scope))
        except UnconfiguredError as error:
            log("unconfigured", "")
            return context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        except RefusedError as error:
            message = "\n".join(_said(one) for one in error.refusals)
            for secret in error.secret_texts:
                message = message.replace(secret, "[secret]")
            log("refused", message)
            return context.abort(error.status, message)
        except ThrottledError as error:
            log("throttled", str(error))
            return context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, str(error))
        except InitFailedError as error:
            log("partial", str(error))
            return error.answer(context)
        except Exception as error:  # noqa: BLE001 - a bug in a cloud's law must not end the server, nor pass unseen
            _log.exception("%s of %s failed inside the sandbox", method, request.urn)
            log("bug", f"{type(error).__name__}: {error}")
            message = (
                f"the sandbox itself failed ({type(error).__name__}: {error}): see sandbox.log in its state folder"
            )
            return context.abort(grpc.StatusCode.INTERNAL, message)
        log("ok", detail)
        return response


def _type(request: Any) -> str:
    """Resource token: the last of the types in the URN, where the engine does not send it apart."""
    return str(request.type) or str(request.urn).split("::")[2].rsplit("$", 1)[-1]


def _said(refusal: Refusal) -> str:
    place = diff.dotted(refusal.path)
    where = f" at '{place}'" if place and place.split("[")[0] not in refusal.message else ""
    return f"[{refusal.judge}] {refusal.code}{where}: {refusal.message}"


def _failures(refusals: Iterable[Refusal], secrets: Iterable[str]) -> list[provider_pb2.CheckFailure]:
    failures = []
    for refusal in refusals:
        reason = _said(refusal)
        for secret in secrets:
            reason = reason.replace(secret, "[secret]")
        # `property` stays empty: with it the engine prints the whole value of the property beside the reason.
        failures.append(provider_pb2.CheckFailure(reason=reason))
    return failures


def _diff_response(found: list[diff.Change], delete_first: bool) -> provider_pb2.DiffResponse:
    if not found:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE, hasDetailedDiff=True)
    detailed: Mapping[str, Any] = {
        one.dotted: provider_pb2.PropertyDiff(
            kind=_KINDS.Value(one.kind + ("_REPLACE" if one.replaces else "")), inputDiff=True
        )
        for one in found
    }
    replaces = sorted({str(one.path[0]) for one in found if one.replaces})
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME,
        replaces=replaces,
        diffs=sorted({str(one.path[0]) for one in found}),
        deleteBeforeReplace=bool(replaces) and delete_first,
        detailedDiff=detailed,
        hasDetailedDiff=True,
    )
