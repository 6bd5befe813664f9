"""What every cloud's model says exists: its paths, its API model; and what nothing judges is listed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.api.coverage import coverage, unmapped
from sandbox.contract import CloudModel, TypeModel
from sandbox.models import PROVIDERS, clouds
from sandbox.sdk.types import ResourceType, Type, resource_type, tokens

UNMAPPED = Path(__file__).with_name("unmapped.txt")


def every_type() -> Iterator[tuple[CloudModel, TypeModel]]:
    for cloud in clouds().values():
        for model in cloud.types.values():
            yield cloud, model


def _exists(kind: ResourceType, path: str) -> bool:
    expected: Type = {"object": kind.root}
    for key in path.replace("[]", "").split("."):
        while isinstance(expected, dict) and ("list" in expected or "union" in expected):
            inner = expected.get("list") or next(one for one in expected["union"] if isinstance(one, dict))
            expected = inner
        if not isinstance(expected, dict) or "object" not in expected:
            return isinstance(expected, dict) or expected == "any"
        properties = kind.shapes[expected["object"]].properties
        if key not in properties:
            return False
        expected = properties[key]
    return True


def test_every_provider_has_its_cloud() -> None:
    assert {cloud.provider for cloud in clouds().values()} == {name for name, _sdk in PROVIDERS.values()}
    assert all(cloud.types for cloud in clouds().values())


@pytest.mark.parametrize(("cloud", "model"), list(every_type()), ids=lambda one: getattr(one, "token", ""))
def test_a_model_speaks_of_what_exists(cloud: CloudModel, model: TypeModel) -> None:
    assert model.token in tokens(cloud.sdk)
    kind = resource_type(cloud.sdk, model.token)
    assert kind is not None
    for path in [*model.immutable, *model.unique]:
        assert _exists(kind, path), f"{model.token} has no input '{path}'"
    for path in model.secrets:
        assert path.split(".")[0] in kind.outputs, f"{model.token} has no output '{path}'"
    assert model.unique_in in ("account", "region", "cloud") or model.unique_in.startswith("parent:")
    assert all(source for source in model.immutable.values()), "every immutable property names its source"


@pytest.mark.parametrize(("cloud", "model"), list(every_type()), ids=lambda one: getattr(one, "token", ""))
def test_an_api_model_leads_somewhere(cloud: CloudModel, model: TypeModel) -> None:
    covered = coverage(cloud.sdk, model)
    assert covered.broken == ()
    assert covered.unreadable_patterns == ()
    if model.api is not None:
        assert covered.judged or covered.elsewhere


def test_what_no_api_model_judges_is_known() -> None:
    # After a change that is meant: `python -m sandbox.api.coverage > tests/sandbox/unmapped.txt`.
    assert unmapped() == UNMAPPED.read_text(encoding="utf-8").splitlines()
