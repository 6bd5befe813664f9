"""The search for names overlooks nothing that YAML could spell."""

import ast
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stacks.plan import names
from stacks.plan.git import Git
from stacks.plan.half import Half, same
from stacks.plan.reach import SEEN_SETTINGS
from stacks.plan.tree import Tree
from stacks.read import Disk, Document, read_text

ROOT = Path(__file__).resolve().parent.parent.parent
FORMS = {
    "plain": "cluster: web-prod\n",
    "quoted": "cluster: 'web-prod'\n",
    "flow": "profile: {a: [web-prod]}\n",
    "key": "sources:\n  web-prod: {}\n",
    "folded": "cluster: >-\n  web-prod\n",
    "next-line": "cluster:\n  web-prod\n",
    "escape": 'cluster: "\\x77eb-prod"\n',
    "broken-line": 'cluster: "web\\\n  -prod"\n',
    "windows": "cluster: web-prod\r\n",
    "comment": "cluster: other # like web-prod\n",
    "longer": "cluster: web-prod-2\n",
    "other": "cluster: lab\n",
}


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    at = tmp_path_factory.mktemp("names")
    for name, text in FORMS.items():
        path = at / "platform" / "fleet" / "apps" / "web" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    for arguments in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", "-c", "core.autocrlf=false", *arguments], cwd=at, check=True)
    return at / "platform"


def found(repo: Path, wanted: set[str]) -> set[str]:
    git = Git.at(repo)
    with Tree(git, git.commit("HEAD") or "") as tree:
        return {Path(file).stem for file in names.search(tree, wanted, tree.entries)}


def test_a_name_is_found_in_every_form(repo: Path) -> None:
    assert found(repo, {"web-prod"}) >= FORMS.keys() - {"longer", "other"}
    assert "other" not in found(repo, {"web-prod"})


def test_what_yaml_says_is_never_overlooked(repo: Path) -> None:
    """Whatever has the name as a text of its own once it was read is among what was found in the bytes."""
    half, hits = Half(Disk(repo)), found(repo, {"web-prod"})
    for name, text in FORMS.items():
        file = f"fleet/apps/web/{name}.yaml"
        if isinstance(read_text(file, text.encode()), Document) and "web-prod" in half.words(file):
            assert name in hits
    assert "web-prod" in half.words("fleet/apps/web/escape.yaml"), "or this test shows nothing"


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.sampled_from(["web-prod", "lab", "web-prod-2", "other", "apps"]), min_size=1))
def test_many_names_are_found_as_few_are(repo: Path, wanted: set[str]) -> None:
    many = {*wanted, *(f"nobody-{number}" for number in range(20))}
    few = found(repo, wanted)
    assert found(repo, many) <= few, "the words of a file are told apart more exactly"
    assert few - found(repo, many) <= {"longer"}


def test_true_is_not_one() -> None:
    assert not same({"a": True}, {"a": 1})
    assert not same([1], [1.0])
    assert same({"a": 1, "b": 2}, {"b": 2, "a": 1})


def test_what_stacks_see_of_fleet_yaml_is_what_the_code_reads() -> None:
    read = set()
    for file in ("request", "gather", "fleet", "build", "render", "rendition/make"):
        for node in ast.walk(ast.parse((ROOT / "stacks" / f"{file}.py").read_text())):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("settings", "fleet.settings"):
                read.add(node.attr)
    assert read == SEEN_SETTINGS
