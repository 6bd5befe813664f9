# ruff: noqa: N802 - the methods of servers have the protocol's names
"""The policies as a CrossGuard pack: the engine's analyzer protocol, answered from the records.

Owns      what the engine is told of the policies, and their answers to it.
Refuses   to judge without that configuration, or with another stack's: what nobody said is never taken for allowed.

The vendor's `pulumi_policy` is not used: it decodes each resource once for every policy (a CRD has a megabyte), knows
no verdict that waits for one value while another is already wrong, and starts with defaults when it is not configured.
A test holds this pack's answers to its.
"""

from collections.abc import Mapping
from typing import Any

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime import proto

from policies import judge, wire
from policies.config import NEEDED, PACK, SCOPE, BadConfigError, Told, read
from policies.contract import Later, Level, Policy, Resource, Verdict
from policies.discover import policies
from policies.look import whole

_LEVELS: Mapping[str, Any] = {
    "advisory": proto.ADVISORY,
    "mandatory": proto.MANDATORY,
    "remediate": proto.REMEDIATE,
    "disabled": proto.DISABLED,
}
_WORDS: Mapping[int, Level] = {number: word for word, number in _LEVELS.items()}  # type: ignore[misc]
_SEVERITY = {
    "low": proto.POLICY_SEVERITY_LOW,
    "medium": proto.POLICY_SEVERITY_MEDIUM,
    "high": proto.POLICY_SEVERITY_HIGH,
    "critical": proto.POLICY_SEVERITY_CRITICAL,
}


def analyzer(config: Mapping[str, Mapping[str, Any]] | None = None) -> proto.AnalyzerServicer:
    """The pack for one stack. `config` is what the engine takes for the pack's own, where it is given no file."""
    return _Analyzer(config)


class _Analyzer(proto.AnalyzerServicer):
    def __init__(self, config: Mapping[str, Mapping[str, Any]] | None) -> None:
        self._own = config
        self._told: Told | None = None
        self._stack = ""
        self._seen: dict[str, Resource] = {}

    def Handshake(self, _request: Any, _context: Any) -> Any:
        return proto.AnalyzerHandshakeResponse()

    def GetPluginInfo(self, _request: Any, _context: Any) -> Any:
        return proto.PluginInfo(version="1.0.0")

    def GetAnalyzerInfo(self, _request: Any, _context: Any) -> Any:
        return proto.AnalyzerInfo(
            name=PACK,
            displayName="Kafka fleet",
            description="The policies of this fleet; docs/policies.md lists them.",
            supportsConfig=True,
            policies=[_scope_info(), *(_info(policy) for policy in policies().values())],
            initialConfig={name: _config(values) for name, values in (self._own or {}).items()},
        )

    def ConfigureStack(self, request: Any, _context: Any) -> Any:
        self._stack = request.stack
        return proto.AnalyzerStackConfigureResponse()

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:
        given = {
            name: {
                **whole(json_format.MessageToDict(one.properties)),
                "enforcementLevel": _WORDS.get(one.enforcementLevel),
            }
            for name, one in request.policyConfig.items()
        }
        try:
            told = read(given)
        except (BadConfigError, ValueError) as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"the configuration of the policies is not whole: {error}")
        if told.stack != self._stack:
            context.abort(
                grpc.StatusCode.INVALID_ARGUMENT,
                f"the configuration of the policies is for stack '{told.stack}', and this is '{self._stack}'",
            )
        self._told = told
        return empty_pb2.Empty()

    def Remediate(self, request: Any, context: grpc.ServicerContext) -> Any:
        told = self._configured(context)
        response = proto.RemediateResponse()
        if not told.remedies:
            return response
        original = _resource(request)
        before = original
        try:
            for policy, after in judge.remedied(original, told.scopes, told.remedies):
                response.remediations.append(
                    proto.Remediation(
                        policyName=policy.name,
                        policyPackName=PACK,
                        description=policy.title,
                        properties=wire.changed(request.properties, original.props, after.props),
                    )
                )
                before = after
        except Exception as error:  # noqa: BLE001 - a rule that fails must stop the stack, whatever it raised
            _failed(context, before, error)
        return response

    def Analyze(self, request: Any, context: grpc.ServicerContext) -> Any:
        told = self._configured(context)
        response = proto.AnalyzeResponse()
        if not judge.seen_by(request.type):
            return response
        resource = _resource(request)
        if any(policy.judge_stack for policy in judge.seen_by(request.type)):
            self._seen[resource.urn] = resource
        try:
            for policy, verdict in judge.judge(resource, told.scopes):
                response.diagnostics.append(_diagnostic(policy, verdict, told, resource.urn))
        except Exception as error:  # noqa: BLE001 - as above
            _failed(context, resource, error)
        return response

    def AnalyzeStack(self, _request: Any, context: grpc.ServicerContext) -> Any:
        """Judges the inputs that were analyzed before, not the outputs that come here: offline there are no others."""
        told = self._configured(context)
        resources = tuple(self._seen.values())
        response = proto.AnalyzeResponse()
        try:
            for policy, verdict in judge.judge_stack(resources, told.scopes):
                response.diagnostics.append(_diagnostic(policy, verdict, told, ""))
        except Exception as error:  # noqa: BLE001 - as above
            _failed(context, None, error)
        return response

    def Cancel(self, _request: Any, _context: Any) -> Any:
        return empty_pb2.Empty()

    def _configured(self, context: grpc.ServicerContext) -> Told:
        if self._told is None:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, "the policies were not told which stack this is")
        return self._told


def _resource(request: Any) -> Resource:
    provider = wire.mapping(request.provider.properties) if request.HasField("provider") else {}
    return Resource(
        request.type, request.name, wire.mapping(request.properties), request.urn, request.options.protect, provider
    )


def _diagnostic(policy: Policy, verdict: Verdict, told: Told, urn: str) -> Any:
    level = told.levels[policy.name]
    if isinstance(verdict, Later):
        level = "advisory"
    elif level == "remediate":  # what a remedy has left wrong, or what has none
        level = "mandatory"
    return proto.AnalyzeDiagnostic(
        policyName=policy.name,
        policyPackName=PACK,
        description=policy.title,
        message=f"{policy.title}\n{verdict}",
        enforcementLevel=_LEVELS[level],
        severity=_SEVERITY[policy.severity],
        urn=urn,
    )


def _failed(context: grpc.ServicerContext, resource: Resource | None, error: Exception) -> None:
    what = f" on {resource.type} '{resource.name}'" if resource else ""
    context.abort(grpc.StatusCode.INTERNAL, f"a policy failed{what}: {type(error).__name__}")


def _info(policy: Policy) -> Any:
    return proto.PolicyInfo(
        name=policy.name,
        displayName=policy.title,
        description=policy.title,
        enforcementLevel=_LEVELS["mandatory"],
        severity=_SEVERITY[policy.severity],
        framework=proto.PolicyComplianceFramework(reference=policy.framework),
        remediation_steps=policy.remediation,
        url=policy.url,
        policy_type=proto.POLICY_TYPE_RESOURCE if policy.judge else proto.POLICY_TYPE_STACK,
        configSchema=_schema({"settings": policy.settings or {"type": "object", "maxProperties": 0}}),
    )


def _scope_info() -> Any:
    """Where policies are asked, as a policy whose settings the engine itself requires: without a file it refuses."""
    text = {"type": "string", "minLength": 1}
    properties = {
        "stack": text,
        "environment": text,
        "production": {"type": "boolean"},
        "cloud": {"type": "string"},
        "today": text,
        "offered_as_a_service": {"type": "boolean"},
        "given_up": {"type": "boolean"},
        "tags": {"type": "object"},
    }
    return proto.PolicyInfo(
        name=SCOPE,
        displayName="Scope",
        description="Where the policies are asked",
        enforcementLevel=_LEVELS["mandatory"],
        policy_type=proto.POLICY_TYPE_STACK,
        configSchema=_schema(properties, *NEEDED),
    )


def _schema(properties: Mapping[str, Any], *required: str) -> Any:
    struct = struct_pb2.Struct()
    struct.update(dict(properties))
    return proto.PolicyConfigSchema(properties=struct, required=list(required))


def _config(values: Mapping[str, Any]) -> Any:
    struct = struct_pb2.Struct()
    struct.update({key: value for key, value in values.items() if key != "enforcementLevel"})
    return proto.PolicyConfig(enforcementLevel=_LEVELS[values.get("enforcementLevel", "mandatory")], properties=struct)
