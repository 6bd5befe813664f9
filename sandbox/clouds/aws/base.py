"""The shape that all AWS types share: a model from botocore, the laws of tags, quotas and regions, `tagsAll`.

Owns      the making of a TypeModel with what every type of AWS has.
Refuses   anything of one service.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sandbox.clouds.aws import laws
from sandbox.clouds.aws.normal import Step, normal, without_empty
from sandbox.clouds.aws.quotas import quota
from sandbox.contract import ApiModel, Law, Properties, Refusal, Request, TypeModel, World

Computed = Callable[[Request, World, str], Mapping[str, Any]]

FORCE_NEW = "terraform-provider-aws: ForceNew (RequiresReplace) in the resource's schema"


def botocore(service: str, operation: str, rename: Mapping[str, str] | None = None, **constants: Any) -> ApiModel:
    """The input of an operation in AWS's published model. `region` is the provider's own; tags travel apart."""
    return ApiModel("botocore", service, operation, {"region": "", "tags": "", **(rename or {})}, constants)


def model(
    token: str,
    api: ApiModel,
    identify: Callable[[Request, World], str],
    *,
    computed: Computed,
    immutable: Sequence[str],
    laws_of: Sequence[Law] = (),
    normalize: Sequence[Step] = (),
    tagged: bool = True,
    regional: bool = True,
    **more: Any,
) -> TypeModel:
    """One type. `computed` gives the outputs beside the inputs; for an update it may start from the old ones."""

    def outputs(request: Request, world: World, id_: str) -> Properties:
        request = _placed(request, regional)
        found = {**request.inputs, **computed(request, world, id_)}
        if tagged:
            found["tagsAll"] = dict(laws.section(request.inputs, "tags"))
        if regional:
            found.setdefault("region", request.scope.region)
        return found

    return TypeModel(
        token=token,
        api=api,
        identify=lambda request, world: identify(_placed(request, regional), world),
        outputs=outputs,
        immutable=dict.fromkeys((*immutable, *(("region",) if regional else ())), FORCE_NEW),
        laws=[_in_its_region(law, regional) for law in (laws.region, laws.tags, quota, *laws_of)],
        normalize=normal(without_empty("tags"), *normalize),
        **more,
    )


def _placed(request: Request, regional: bool) -> Request:
    """The request with the region that it is for: every regional resource may name another than its provider's."""
    region = request.inputs.get("region")
    if not regional or not isinstance(region, str) or not region or region == request.scope.region:
        return request
    return replace(request, scope=replace(request.scope, region=region))


def _in_its_region(law: Law, regional: bool) -> Law:
    def judged(request: Request, world: World) -> Iterable[Refusal]:
        return law(_placed(request, regional), world)

    return judged


def old(request: Request, name: str) -> Any:
    """An output that the resource already has; None while it is being made."""
    return request.old.outputs.get(name) if request.old else None
