"""The pack's answers next to those of the vendor's own `pulumi_policy`, over the same requests."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import grpc
import pulumi_policy
import pytest
from google.protobuf import json_format, struct_pb2
from pulumi.runtime import proto
from pulumi_policy.policy import _PolicyAnalyzerServicer  # the oracle: the vendor offers no public way to ask it

from policies import wire
from policies.config import SCOPE, BadConfigError, read
from policies.contract import UNKNOWN, Later, Policy, Resource
from policies.discover import policies
from policies.judge import covers
from policies.pack import analyzer
from policies.samples import KAFKA, PROD, but, later_at
from tools.policies.trial import Batch, batches

UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "hunter2"}


class Context:
    """A call's context: what is aborted is raised."""

    def abort(self, code: grpc.StatusCode, words: str) -> None:
        raise RuntimeError(f"{code.name}: {words}")


def struct(value: Mapping[str, Any]) -> struct_pb2.Struct:
    found = struct_pb2.Struct()
    found.update(sent(value))
    return found


def sent(value: Any) -> Any:
    if value is UNKNOWN:
        return UNKNOWN_TEXT
    if isinstance(value, Mapping):
        return {key: sent(inner) for key, inner in value.items()}
    return [sent(inner) for inner in value] if isinstance(value, list | tuple) else value


def request(one: Resource) -> Any:
    return proto.AnalyzeRequest(
        type=one.type,
        name=one.name,
        urn=f"urn:{one.name}",
        properties=struct(one.props),
        options=proto.AnalyzerResourceOptions(protect=one.protect),
        provider=proto.AnalyzerProviderResource(type="p", name="p", urn="u", properties=struct(one.provider)),
    )


def configured(config: Mapping[str, Mapping[str, Any]], stack: str = "kafka.orders") -> Any:
    pack: Any = analyzer(config)
    info = pack.GetAnalyzerInfo(None, Context())
    pack.ConfigureStack(proto.AnalyzerStackConfigureRequest(stack=stack), Context())
    pack.Configure(proto.ConfigureAnalyzerRequest(policyConfig=info.initialConfig), Context())
    return pack


def vendors(policy: Policy, batch: Batch) -> pulumi_policy.ResourceValidationPolicy:
    """The record as the vendor's library has it. What waits for an apply is the vendor's own affair there."""
    scope = replace(batch.scope, settings=batch.settings.get(policy.name, {}))

    def validate(args: pulumi_policy.ResourceValidationArgs, report: pulumi_policy.ReportViolation) -> None:
        if any(covers(pattern, args.resource_type) for pattern in policy.types):
            props = struct_pb2.Struct()
            props.update(dict(pulumi_policy.deserialize.serialize_properties(args.props)))
            plain = wire.mapping(props)
            one = Resource(args.resource_type, args.name, plain, args.urn, args.opts.protect, provider(args))
            for verdict in policy.judge(one, scope) if policy.judge else ():
                if not isinstance(verdict, Later):
                    report(str(verdict), None)

    return pulumi_policy.ResourceValidationPolicy(policy.name, policy.title, validate)


def provider(args: pulumi_policy.ResourceValidationArgs) -> Mapping[str, Any]:
    return dict(args.provider.props) if args.provider else {}


def test_the_pack_answers_like_the_vendors_library() -> None:
    for batch in batches():
        if any(case.policy.judge is None for case in batch.cases):
            continue
        ours = configured(batch.config(), batch.scope.stack)
        mine = [one for one in policies().values() if one.judge]
        theirs: Any = _PolicyAnalyzerServicer(
            "kafka-fleet", "1", [vendors(one, batch) for one in mine], pulumi_policy.EnforcementLevel.MANDATORY
        )
        for case in batch.cases:
            for one in case.resources:
                asked = request(one)
                answers = [
                    sorted(
                        (found.policyName, found.message, found.enforcementLevel)
                        for found in pack.Analyze(asked, Context()).diagnostics
                        if found.enforcementLevel == proto.MANDATORY
                    )
                    for pack in (ours, theirs)
                ]
                assert answers[0] == answers[1], one.name


def test_metadata_reaches_the_engine() -> None:
    info = configured(Batch(PROD).config()).GetAnalyzerInfo(None, Context())
    told = {one.name: one for one in info.policies}
    assert set(told) == {*policies(), SCOPE}
    one = told["listener-tls"]
    assert one.severity == proto.POLICY_SEVERITY_CRITICAL
    assert one.remediation_steps == policies()["listener-tls"].remediation
    assert one.framework.reference
    assert one.url.startswith("https://")
    assert told["namespace-default-deny"].policy_type == proto.POLICY_TYPE_STACK
    schema = json_format.MessageToDict(told["kafka-replication"].configSchema.properties)
    assert schema["settings"]["additionalProperties"] is False


def test_nothing_is_judged_before_it_is_configured() -> None:
    pack: Any = analyzer()
    for ask in (pack.Analyze, pack.AnalyzeStack, pack.Remediate):
        with pytest.raises(RuntimeError, match="FAILED_PRECONDITION"):
            ask(request(KAFKA), Context())


def test_a_configuration_for_another_stack_is_refused() -> None:
    with pytest.raises(RuntimeError, match=r"stack 'kafka\.orders', and this is 'kafka\.other'"):
        configured(Batch(PROD).config(), "kafka.other")


@pytest.mark.parametrize("missing", ["stack", "environment", "production", "cloud", "today"])
def test_a_scope_says_everything(missing: str) -> None:
    config = Batch(PROD).config()
    del config[SCOPE][missing]
    with pytest.raises(BadConfigError, match=missing):
        read(config)


def test_a_level_is_said_for_every_policy() -> None:
    config = Batch(PROD).config()
    del config["listener-tls"]
    with pytest.raises(BadConfigError, match="how strict these are: listener-tls"):
        read(config)


def test_a_wrong_value_is_told_beside_one_that_is_not_known() -> None:
    """The vendor's library cannot: the first unknown value ends the whole policy there."""
    config = but(KAFKA, "spec", "kafka", "config", "default.replication.factor", 1)
    one = later_at(config, "spec", "kafka", "config", "min.insync.replicas")
    found = configured(Batch(PROD).config()).Analyze(request(one), Context()).diagnostics
    mine = [one for one in found if one.policyName == "kafka-replication"]
    levels = {one.message.partition("\n")[2].split(" is ")[0]: one.enforcementLevel for one in mine}
    assert levels == {"default.replication.factor": proto.MANDATORY, "min.insync.replicas": proto.ADVISORY}


def test_secrets_are_hidden_from_rules_and_kept_by_remedies() -> None:
    properties = struct({"cidrBlock": "10.0.0.0/16", "password": SECRET, "tags": {"a": UNKNOWN}})
    before = wire.mapping(properties)
    assert before["password"] == wire.HIDDEN
    after = wire.changed(properties, before, {**before, "tags": {**before["tags"], "owner": "platform"}})
    assert json_format.MessageToDict(after) == {
        "cidrBlock": "10.0.0.0/16",
        "password": SECRET,
        "tags": {"a": UNKNOWN_TEXT, "owner": "platform"},
    }
