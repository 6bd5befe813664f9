"""What a `TypeModel` says is what happens: uniqueness, use, adoption, things that last, drift, one winner of a race."""

import threading
from pathlib import Path
from typing import Any

import pytest

from sandbox import wire
from sandbox.contract import UNKNOWN, CloudModel, Refusal, Request, Scope, TypeModel, World
from sandbox.models import clouds
from sandbox.resources import RefusedError, Resources, Target
from sandbox.store import Store

ONE, TWO = Scope("aws", "1", "eu-west-1"), Scope("aws", "2", "eu-west-1")
OTHER_REGION = Scope("aws", "1", "eu-north-1")
QUEUE, TOPIC = "aws:sqs/queue:Queue", "aws:sns/topic:Topic"


def model(token: str = QUEUE, **said: Any) -> TypeModel:
    plain: dict[str, Any] = {
        "api": None,
        "identify": lambda request, world: f"id-{world.sequence('id')}",
        "outputs": lambda request, _world, id_: {**request.inputs, "arn": f"arn:{id_}"},
        "immutable": {},
    }
    return TypeModel(token=token, **{**plain, **said})


def resources(folder: Path, *models: TypeModel, open_types: Any = None) -> Resources:
    bare = clouds()["aws"]
    cloud = CloudModel(
        "aws", bare.sdk, {one.token: one for one in models}, {}, bare.scope, lambda _: (), model_for=open_types
    )
    return Resources(cloud, Store(folder))


def target(name: str = "q", token: str = QUEUE, scope: Scope = ONE) -> Target:
    return Target(f"urn:pulumi:s::p::{token}::{name}", token, scope)


def given(**inputs: Any) -> tuple[wire.Plain, bytes]:
    struct = wire.write(inputs)
    return wire.read(struct), wire.digest(struct)


def create(made: Resources, urn_name: str = "q", scope: Scope = ONE, token: str = QUEUE, /, **inputs: Any) -> str:
    return made.create(target(urn_name, token, scope), *given(**inputs))[0].id


def refused(error: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    return [one.code for one in error.value.refusals]


@pytest.mark.parametrize(
    ("unique_in", "scope", "parent", "collides"),
    [
        ("account", ONE, "x", True),
        ("account", OTHER_REGION, "x", True),
        ("account", TWO, "x", False),
        ("region", ONE, "x", True),
        ("region", OTHER_REGION, "x", False),
        ("cloud", TWO, "x", True),
        ("parent:policy", ONE, "x", True),
        ("parent:policy", ONE, "y", False),
    ],
)
def test_unique_names(tmp_path: Path, unique_in: str, scope: Scope, parent: str, collides: bool) -> None:
    made = resources(tmp_path, model(unique=("name",), unique_in=unique_in))
    create(made, "a", policy="x", name="n")
    if collides:
        with pytest.raises(RefusedError) as error:
            create(made, "b", scope, QUEUE, policy=parent, name="n")
        assert refused(error) == ["already-exists"]
    else:
        create(made, "b", scope, QUEUE, policy=parent, name="n")
    create(made, "c", scope, QUEUE, policy=parent, name="another")


def test_a_thing_in_use_stays_until_its_users_are_gone(tmp_path: Path) -> None:
    made = resources(tmp_path, model(in_use_code="DependencyViolation"), model(TOPIC))
    queue = create(made)
    topic = create(made, "t", ONE, TOPIC, policy=queue)
    with pytest.raises(RefusedError) as error:
        made.delete(target(), queue)
    assert refused(error) == ["DependencyViolation"]
    assert topic in error.value.refusals[0].message
    made.delete(target("t", TOPIC), topic)
    assert made.delete(target(), queue) == queue
    assert made.delete(target(), queue) == "absent"


def test_an_update_of_what_is_not_there_is_refused(tmp_path: Path) -> None:
    made = resources(tmp_path, model())
    with pytest.raises(RefusedError) as error:
        made.update(target(), "id-404", *given())
    assert refused(error) == ["not-found"]


def test_another_account_does_not_see_it(tmp_path: Path) -> None:
    made = resources(tmp_path, model())
    queue = create(made)
    assert made.read(target(scope=TWO), queue, given()[0]) is None
    assert made.delete(target(scope=TWO), queue) == "absent"
    assert made.read(target(), queue, given()[0]) is not None


def test_adopting_takes_over_and_outliving_stays(tmp_path: Path) -> None:
    named = {"identify": lambda request, _world: request.inputs["name"], "unique": ("name",)}
    made = resources(tmp_path, model(adopts=True, outlives_delete=True, **named), model(TOPIC, **named))
    assert create(made, "a", ONE, QUEUE, name="n", policy="old") == "n"
    made.delete(target("a"), "n")
    assert create(made, "b", ONE, QUEUE, name="n", policy="new") == "n"
    (row,) = made.store.rows("true")
    assert (row.record.urn, row.record.inputs["policy"]) == (target("b").urn, "new")
    create(made, "t", ONE, TOPIC, name="n")
    with pytest.raises(RefusedError):
        create(made, "u", ONE, TOPIC, name="n")


def test_a_refused_create_leaves_nothing(tmp_path: Path) -> None:
    def never(request: Request, world: World) -> list[Refusal]:
        world.sequence("id")
        return [Refusal("law", "Never", "never")] if request.operation == "create" else []

    made = resources(tmp_path, model(laws=[never]))
    with pytest.raises(RefusedError):
        create(made)
    assert made.store.rows("true") == []
    assert made.store.sequence("id", keep=False) == 1


def test_a_law_with_a_bug_is_not_taken_for_consent(tmp_path: Path) -> None:
    def broken(request: Request, _world: World) -> list[Refusal]:
        return [Refusal("law", "x", request.inputs["absent"])]

    made = resources(tmp_path, model(laws=[broken]))
    with pytest.raises(KeyError):
        create(made)
    # Where the types are wrong already, a law that stumbles over them has nothing to add.
    wrong, digest = given(nmae="x")
    assert [one.judge for one in made.check(target(), wrong, digest, {})] == ["sdk"]


def test_open_types_are_judged_by_their_own_model_alone(tmp_path: Path) -> None:
    token = "aws:made/up:Thing"  # noqa: S105 - a resource type
    law_says = Refusal("crd", "Invalid", "no")

    def model_for(asked: str, _inputs: Any) -> TypeModel | None:
        return (
            model(token, laws=[lambda request, _: [law_says] if "wrong" in request.inputs else []])
            if (asked == token)
            else None
        )

    made = resources(tmp_path, open_types=model_for)
    assert made.check(target("x", token), *given(anything={"goes": 1}), {}) == []
    assert made.check(target("x", token), *given(wrong=1), {}) == [law_says]
    (unknown,) = made.check(target("x", "aws:made/up:Other"), *given(), {})
    assert unknown.code == "unknown-type"


def test_no_law_takes_a_renamed_or_imported_thing_for_its_own_neighbour(tmp_path: Path) -> None:
    def alone(request: Request, world: World) -> list[Refusal]:
        others = [
            one for one in world.all(request.type, request.scope) if request.old is None or one.id != request.old.id
        ]
        return [Refusal("law", "Taken", "taken")] if others else []

    made = resources(tmp_path, model(laws=[alone]))
    plain, digest = given(name="orders")
    made.create(target("before"), plain, digest)
    assert made.check(target("before"), plain, digest, plain.values) == []
    assert made.check(target("renamed"), plain, digest, plain.values) == []
    assert made.check(target("imported"), plain, digest, {}) == []
    assert [one.code for one in made.check(target("new"), *given(name="billing"), {})] == ["Taken"]
    with pytest.raises(RefusedError):
        made.create(target("duplicate"), plain, digest)


def test_refresh_keeps_the_programs_words_where_the_cloud_agrees(tmp_path: Path) -> None:
    made = resources(
        tmp_path, model(normalize=lambda inputs: {"delaySeconds": 0, **inputs, "name": inputs["name"].lower()})
    )
    plain, digest = given(name="Orders", tags={"a": "1"}, policy="p")
    id_ = made.create(target(), plain, digest)[0].id
    found = made.read(target(), id_, plain)
    assert found is not None
    assert found[1] == {"name": "Orders", "tags": {"a": "1"}, "policy": "p"}
    (row,) = made.store.rows("true")
    drifted = {"name": "orders", "tags": {"a": "2"}, "delaySeconds": 9}
    with made.store.effect() as connection:
        changed = type(row.record)(**{**vars(row.record), "inputs": drifted})
        made.store.replace(connection, row.number, changed, row.secrets)
    found = made.read(target(), id_, plain)
    assert found is not None
    assert found[1] == {"name": "Orders", "tags": {"a": "2"}, "delaySeconds": 9}
    imported = made.read(target(), id_, given()[0])
    assert imported is not None
    assert imported[1] == drifted


def test_a_preview_knows_its_inputs_and_nothing_else(tmp_path: Path) -> None:
    made = resources(tmp_path, model(normalize=lambda inputs: {"delaySeconds": 0, **inputs}))
    outputs = made.preview_create(target(), *given(name="orders", policy=UNKNOWN))
    assert (outputs["name"], outputs["delaySeconds"]) == ("orders", 0)
    assert outputs["arn"] is UNKNOWN
    assert outputs["policy"] is UNKNOWN
    assert made.store.rows("true") == []


def test_one_of_many_gets_the_name(tmp_path: Path) -> None:
    made = resources(tmp_path, model(unique=("name",)))
    results: list[str] = []

    def race(number: int) -> None:
        try:
            results.append(create(made, f"q{number}", ONE, QUEUE, name="n"))
        except RefusedError:
            results.append("refused")

    threads = [threading.Thread(target=race, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["id-1", *["refused"] * 7]
