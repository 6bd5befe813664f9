"""What a change of code affects: what another revision's code makes of a fleet."""

import ast
import gc
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stacks.load import load
from stacks.plan import versions
from stacks.plan.affected import affected
from stacks.plan.code import Code, changed
from stacks.rendition import Item, Rendition
from stacks.rendition import make as rendering
from stacks.rendition.process import CutOffError, Told, read, write
from tools.affected.world import World, example

ROOT = Path(__file__).resolve().parent.parent.parent


def compared(file: str, before: str, after: str, named: Callable[[str], bool] = lambda _: False) -> Code:
    return changed([file], {file: before.encode()}.get, {file: after.encode()}.get, named)


def test_comments_docstrings_and_form_are_no_change_of_code() -> None:
    code = "def one(a: int) -> int:\n    return a + 1\n"
    for same in (
        f'"""Says what."""\n# why\n{code}',
        code.replace("a + 1", "(a  +  1)"),
        code.replace(":\n", ':\n    """One."""\n'),
    ):
        assert compared("components/one.py", code, same) == Code()
    for other in (code.replace("1", "2"), code.replace("int:", "float:"), f"{code}TWO = 2\n", "def one(:\n"):
        assert compared("components/one.py", code, other).making == ("components/one.py",)


def test_a_docstring_that_is_all_of_a_body_may_go() -> None:
    assert compared("components/one.py", 'class One:\n    """One."""\n', "class One:\n    pass\n") == Code()


def test_data_is_compared_by_what_it_says() -> None:
    assert compared("components/a.json", '{"a": 1, "b": 2}', '{\n  "b": 2,\n  "a": 1\n}') == Code()
    for other in ('{"a": 1, "b": 3}', '{"a": true, "b": 2}', "{"):
        assert compared("components/a.json", '{"a": 1, "b": 2}', other).making == ("components/a.json",)
    assert compared("components/README.md", "a", "b") == Code()
    assert compared("components/a.txt", "a", "b").making == ("components/a.txt",)


def test_comments_of_a_script_that_is_read_as_text_count() -> None:
    assert compared("components/apps/register_subjects.py", "A = 1\n", "A = 1  # one\n", named=lambda _: True).making


def test_code_that_makes_no_stack_is_left_out() -> None:
    def source(file: str) -> bytes | None:
        path = ROOT / file
        return path.read_bytes() if path.is_file() else None

    def other(file: str) -> bytes | None:
        return (source(file) or b"") + b"\nMORE = 1\n"

    files = [
        "stacks/cli/render.py",
        "stacks/plan/text.py",
        "stacks/tell/live.py",
        "stacks/request.py",
        "stacks/read/fast.py",
    ]
    found = changed([*files, "components/names.py", "policies/look.py"], source, other, lambda _: False)
    assert found.making == ("stacks/request.py", "stacks/read/fast.py", "components/names.py")
    assert found.policies == ("policies/look.py",)


@pytest.fixture
def parsed_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The garbage collector, at its first run during a parse, runs code that parses too."""
    ran: list[str] = []

    def again(_phase: str, _info: dict[str, int]) -> None:
        if not ran:
            ran.append("again")
            ast.parse("a + b")

    # What the imports and other tests left must be gone, or their end would be the first run.
    gc.collect()
    threshold = gc.get_threshold()
    gc.callbacks.append(again)
    gc.set_threshold(50)
    yield ran
    gc.set_threshold(*threshold)
    gc.callbacks.remove(again)


def test_a_parse_inside_of_a_parse_is_no_error(parsed_again: list[str]) -> None:
    code = (ROOT / "stacks/plan/code.py").read_text()
    parsed_again.clear()
    assert compared("stacks/plan/code.py", code, f"# Another.\n{code}") == Code()
    assert parsed_again == ["again"]


def test_an_output_without_its_end_is_no_output() -> None:
    fleet = load(ROOT)
    stacks = [stack for stack in fleet.stacks.values() if stack.kind != "cell"][:3]
    some = [Told(stack, rendering.rendition(fleet, stack), verdicts=frozenset({("a", "b")})) for stack in stacks]
    lines = list(write(some))
    again = list(read(lines))
    assert [(e.stack, e.verdicts, e.rendition and e.rendition.digest) for e in again] == [
        (e.stack, e.verdicts, e.rendition and e.rendition.digest) for e in some
    ]
    for broken in (
        lines[:-1],
        lines[1:],
        ["", *lines],
        [*lines[:-1], json.dumps({"stacks": 9})],
        ["[]"],
        ["Traceback"],
    ):
        with pytest.raises(CutOffError):
            list(read(broken))


def test_a_provider_of_another_version_is_another_provider() -> None:
    def lock(**packages: str) -> bytes:
        return "".join(
            f'[[package]]\nname = "{name.replace("_", "-")}"\nversion = "{v}"\n' for name, v in packages.items()
        ).encode()

    before = versions.providers(
        lock(pulumi="3.1", pulumi_aws="7.1", pulumi_kubernetes="4.1", pulumi_policy="1.1", pydantic="2")
    )
    after = versions.providers(
        lock(pulumi="3.2", pulumi_aws="7.2", pulumi_kubernetes="4.1", pulumi_policy="1.2", pydantic="3")
    )
    assert versions.differing(before, after) == {"aws"}
    cell = Rendition("cell.a", {"a": Item("aws:s3/bucket:Bucket", "b", {})})
    objects = Rendition("kafka.a", {"a": Item("apps/v1/Deployment", "b", {})})
    assert versions.stamped(cell, before, {"aws"}).digest != versions.stamped(cell, after, {"aws"}).digest
    assert versions.stamped(objects, before, {"aws"}).digest == versions.stamped(objects, after, {"aws"}).digest
    assert versions.used(objects, {"aws", "kubernetes"}) == ("kubernetes",)
    assert versions.used(cell, {"kubernetes"}) == ()
    assert versions.providers(None) == versions.providers(b"\xff") == versions.providers(b"[[") == {}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return example(tmp_path_factory.mktemp("code"), code=True, cells=("aws-use1-dev",))


@pytest.fixture
def clean(world: World) -> Iterator[World]:
    base = world.git("rev-parse", "HEAD")
    yield world
    world.back_to(base)


def edit(world: World, file: str, old: str, new: str) -> None:
    path = world.root / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_code_affects_what_it_makes_otherwise_and_data_is_told_apart(clean: World) -> None:
    edit(clean, "components/services/connect/spec.py", "default=2048, ge=768", "default=3072, ge=768")
    edit(clean, "fleet/apps/logistics/routes-lab.yaml", "partitions: 6", "partitions: 7")
    found = affected(clean.root)
    assert {name: [each.kind for each in pair.through] for name, pair in found.pairs.items()} == {
        "app.logistics-dev.routes-lab": ["file"],
        "connect.logistics-dev": ["code"],
    }
    assert found.notes == ()


def test_a_base_whose_code_does_not_run_affects_everything(clean: World) -> None:
    edit(clean, "stacks/rendition/make.py", '"""A stack', 'raise RuntimeError("no")\n"""A stack')
    clean.commit("broken")
    edit(clean, "stacks/rendition/make.py", 'raise RuntimeError("no")\n', "")
    found = affected(clean.root, "HEAD")
    assert set(found.pairs) == set(found.after.stacks)
    assert all(pair.through[-1].kind == "code" for pair in found.pairs.values())
    assert "RuntimeError: no" in found.notes[0]


def test_a_policy_affects_the_stacks_that_it_judges_otherwise(clean: World) -> None:
    edit(clean, "policies/rules/acl_wildcards.py", 'if "All" in operations', 'if "Everything" in operations')
    found = affected(clean.root)
    (name,) = found.pairs
    pair = found.pairs[name]
    assert name == "app.logistics-dev.routes-lab"
    assert [(each.kind, each.file, each.what) for each in pair.through] == [
        ("policy", "policies/rules/acl_wildcards.py", "acl-wildcards")
    ]
    assert pair.before and pair.after
    assert pair.before.rendition.digest == pair.after.rendition.digest
