"""Which revisions are compared, in repositories as people and CI systems have them."""

import subprocess
from pathlib import Path

import pytest

from stacks.plan import revision
from stacks.plan.affected import affected
from stacks.plan.git import Git, RevisionError
from stacks.plan.revision import Ends, ends, revisions
from stacks.plan.tree import Tree
from stacks.read import Disk

FLEET = (
    "name: acme\ndns_domain: kafka.acme.internal\nplatform_team: platform\nrings: [dev]\naddress_space:\n  ranges: []\n"
)
NO_CI: dict[str, str] = {}


def git(at: Path, *arguments: str) -> str:
    named = ("-c", "user.name=x", "-c", "user.email=x@example.invalid", "-c", "protocol.file.allow=always")
    return subprocess.run(
        ["git", *named, *arguments], cwd=at, check=True, capture_output=True, text=True
    ).stdout.strip()


def write(at: Path, file: str, text: str) -> None:
    (at / file).parent.mkdir(parents=True, exist_ok=True)
    (at / file).write_text(text)


def commit(at: Path, message: str = "a change") -> str:
    git(at, "add", "--all")
    git(at, "commit", "-q", "--allow-empty", "-m", message)
    return git(at, "rev-parse", "HEAD")


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    at = tmp_path / "repo"
    at.mkdir()
    git(at, "init", "-q", "-b", "main")
    write(at, "fleet/fleet.yaml", FLEET)
    write(at, "fleet/apps/web/shop.yaml", "cluster: web\nprefixes: [shop.]\ntopics: {}\nusers: {}\n" + "# a line\n" * 9)
    commit(at)
    return at


def asked(at: Path, base: str | None = None, head: str | None = None, environment: dict[str, str] = NO_CI) -> Ends:
    return ends(Git.at(at), base, head, environment)


def refused(at: Path, base: str | None = None, head: str | None = None, environment: dict[str, str] = NO_CI) -> str:
    with pytest.raises(RevisionError) as error:
        asked(at, base, head, environment)
    assert "\n" not in str(error.value)
    return f"{error.value}; {error.value.hint}"


def changes(at: Path, base: str | None = None, head: str | None = None) -> list[tuple[str, str, str]]:
    there = Git.at(at)
    return [(c.status, c.before, c.after) for c in revisions(there, ends(there, base, head, NO_CI)).files]


def test_a_branch_is_compared_with_where_it_left_main(repo: Path) -> None:
    parted = git(repo, "rev-parse", "HEAD")
    git(repo, "checkout", "-q", "-b", "change")
    write(repo, "fleet/apps/web/new.yaml", "cluster: web\n")
    head = commit(repo)
    git(repo, "checkout", "-q", "main")
    write(repo, "fleet/apps/web/other.yaml", "cluster: web\n")
    commit(repo)
    git(repo, "checkout", "-q", "change")
    assert asked(repo).base == parted
    assert changes(repo) == [("added", "", "fleet/apps/web/new.yaml")]
    assert changes(repo, "main", head) == [("added", "", "fleet/apps/web/new.yaml")]
    assert asked(repo, head="main~1").head == parted


def test_what_was_not_committed_counts_and_the_index_is_left_alone(repo: Path) -> None:
    write(repo, ".gitignore", "secret-*\n")
    commit(repo)
    write(repo, "fleet/fleet.yaml", f"{FLEET}# changed\n")
    (repo / "fleet/apps/web/shop.yaml").rename(repo / "fleet/apps/web/store.yaml")
    write(repo, "fleet/apps/web/secret-one.yaml", "read by `fleet validate` too\n")
    before = git(repo, "status", "--porcelain")
    assert changes(repo) == [
        ("added", "", "fleet/apps/web/secret-one.yaml"),
        ("renamed", "fleet/apps/web/shop.yaml", "fleet/apps/web/store.yaml"),
        ("modified", "fleet/fleet.yaml", "fleet/fleet.yaml"),
    ]
    assert git(repo, "status", "--porcelain") == before


def test_a_file_never_becomes_one_of_another_kind(repo: Path) -> None:
    (repo / "fleet/clusters/web").mkdir(parents=True)
    git(repo, "mv", "fleet/apps/web/shop.yaml", "fleet/clusters/web/shop.yaml")
    assert [status for status, _, _ in changes(repo, "HEAD")] == ["removed", "added"]


def test_names_that_are_no_names_are_refused_before_git_sees_them(repo: Path) -> None:
    for name in (
        "--output=/tmp/x",
        "-h",
        "main..HEAD",
        "main:fleet",
        ":/x",
        "a b",
        "$(id)",
        "main\nHEAD",
        "",
        "^main",
        "\x1b[2J",
    ):
        assert "is no name of a commit" in refused(repo, name), name
        assert "is no name of a commit" in refused(repo, "main", name), name
    for name in ("main", "HEAD~0", "@", "HEAD^0", "main@{0}"):
        assert asked(repo, name).base


def test_what_cannot_be_compared_is_told_with_the_command_that_mends_it(repo: Path, tmp_path: Path) -> None:
    with pytest.raises(RevisionError, match="is not in a Git repository"):
        Git.at(tmp_path)
    empty = tmp_path / "empty"
    empty.mkdir()
    git(empty, "init", "-q")
    assert "nothing is committed here yet" in refused(empty)
    assert "git fetch --no-tags origin release:refs/remotes/origin/release" in refused(repo, "origin/release")
    assert f"git fetch --no-tags origin {'a' * 40}" in refused(repo, "a" * 40)
    git(repo, "branch", "-m", "main", "trunk")
    assert "--base REF" in refused(repo)
    git(repo, "checkout", "-q", "--orphan", "apart")
    commit(repo, "of another history")
    assert "no commit in common" in refused(repo, "trunk")


def test_ci_says_what_a_change_is_compared_with(repo: Path) -> None:
    base = git(repo, "rev-parse", "HEAD")
    git(repo, "branch", "release")
    write(repo, "fleet/apps/web/new.yaml", "cluster: web\n")
    commit(repo)
    assert asked(repo, environment={"GITHUB_BASE_REF": "release"}).base == base
    assert asked(repo, environment={"CI_MERGE_REQUEST_DIFF_BASE_SHA": base}).base == base
    assert "'gone'" in refused(repo, environment={"GITHUB_BASE_REF": "gone"})


def test_a_shallow_clone_is_used_as_far_as_it_goes(repo: Path, tmp_path: Path) -> None:
    base = git(repo, "rev-parse", "HEAD")
    git(repo, "checkout", "-q", "-b", "change")
    for number in range(3):
        write(repo, "fleet/apps/web/new.yaml", f"cluster: web{number}\n")
        commit(repo)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth=1", "--branch", "change", repo.as_uri(), str(clone))
    assert "git fetch" in refused(clone, base)
    git(clone, "fetch", "-q", "--depth=1", "origin", f"{base}:refs/remotes/origin/main")
    assert "git fetch --unshallow" in refused(clone, "origin/main")
    given = asked(clone, base)
    assert given.base == base
    assert "shallow" in given.notes[0]
    assert changes(clone, base) == [("added", "", "fleet/apps/web/new.yaml")]
    git(clone, "fetch", "-q", "--deepen=5", "origin", "change", "main")
    assert asked(clone, "origin/main").base == base


def test_the_callers_environment_does_not_decide(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / "index"))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    there = Git.at(repo)
    assert there.folder == repo / ".git"
    assert there.commit("main")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RevisionError, match="Git is not installed"):
        Git.at(repo)


def test_a_fleet_in_a_folder_of_a_larger_repository(repo: Path) -> None:
    git(repo, "mv", "fleet", "kept")
    (repo / "platform").mkdir()
    git(repo, "mv", "kept", "platform/fleet")
    commit(repo)
    write(repo, "platform/fleet/apps/web/shop.yaml", "cluster: web\n")
    write(repo, "fleet/apps/web/shop.yaml", "of somebody else\n")
    assert changes(repo / "platform", "HEAD") == [("modified", "fleet/apps/web/shop.yaml", "fleet/apps/web/shop.yaml")]
    there = Git.at(repo / "platform")
    with Tree(there, there.commit("HEAD") or "") as tree:
        assert tree.files() == Disk(repo / "platform").files()


def test_a_tree_is_judged_as_the_disk_is(repo: Path) -> None:
    write(repo, "fleet/apps/web/deep/er.yaml", "x: 1\n")
    write(repo, "fleet/apps/lost.yaml", "x: 1\n")
    write(repo, "fleet/clusters/web/Web.yaml", "x: 1\n")
    write(repo, "fleet/things/web.yaml", "x: 1\n")
    write(repo, "fleet/cells/prod.yml", "x: 1\n")
    (repo / "fleet/cells/link.yaml").symlink_to("prod.yml")
    (repo / "fleet/profiles").symlink_to("cells")
    commit(repo)
    there = Git.at(repo)
    with Tree(there, there.commit("HEAD") or "") as tree:
        assert tree.files() == Disk(repo).files()
        assert {p.code for p in tree.files().problems} >= {
            "symlink",
            "wrong-depth",
            "unknown-folder",
            "wrong-extension",
        }


def test_a_submodule_in_the_fleet_is_refused(repo: Path, tmp_path: Path) -> None:
    git(repo, "-c", "advice.addEmbeddedRepo=false", "submodule", "--quiet", "add", repo.as_uri(), "fleet/apps/theirs")
    commit(repo)
    there = Git.at(repo)
    with Tree(there, there.commit("HEAD") or "") as tree:
        assert [(p.file, p.code) for p in tree.files().problems] == [("fleet/apps/theirs", "not-a-file")]


def test_a_pointer_to_a_large_file_is_told_as_one(repo: Path) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12\n"
    write(repo, "fleet/fleet.yaml", pointer)
    (problem,) = [p for p in affected(repo, "HEAD").after.problems if p.file == "fleet/fleet.yaml"]
    assert problem.code == "lfs-pointer"


def test_a_name_of_a_file_is_never_an_option(repo: Path) -> None:
    write(repo, "fleet/apps/web/--upload-pack=x.yaml", "cluster: web\n")
    write(repo, "fleet/apps/web/new\nline.yaml", "cluster: web\n")
    write(repo, "fleet/apps/web/:(glob)*.yaml", "cluster: web\n")
    assert len(changes(repo, "HEAD")) == 3
    commit(repo)
    assert len(changes(repo, "HEAD~1", "HEAD")) == 3
    assert {p.code for p in affected(repo, "HEAD~1").after.problems} >= {"bad-file-name"}


def test_the_same_paths_decide_what_is_listed_and_what_is_run() -> None:
    from stacks.plan.elsewhere import PARTS

    assert set(revision.CODE) - set(PARTS) <= {"tools/strimzi", "uv.lock", "pyproject.toml"}


def test_the_work_tree_is_listed_as_the_disk_is(repo: Path) -> None:
    (repo / "fleet/cells").mkdir()
    (repo / "fleet/cells/link.yaml").symlink_to("nowhere")
    (repo / "fleet/profiles").symlink_to("cells")
    (repo / "fleet/apps/web/shop.yaml").unlink()
    write(repo, "fleet/apps/web/new.yaml", "cluster: web\n")
    found = affected(repo, "HEAD").after
    there = Disk(repo).files()
    assert found.files["app"] == there.apps == ("fleet/apps/web/new.yaml",)
    assert set(there.problems) <= set(found.problems)
    assert [p.file for p in there.problems] == ["fleet/cells/link.yaml", "fleet/profiles"]


def test_a_sparse_checkout_is_compared_whole(repo: Path) -> None:
    for name in ("one", "two"):
        write(repo, f"fleet/clusters/web/{name}.yaml", "environment: dev\n")
    commit(repo)
    git(repo, "sparse-checkout", "set", "--no-cone", "/fleet/apps/", "/fleet/fleet.yaml")
    assert not (repo / "fleet/clusters").exists()
    write(repo, "fleet/apps/web/shop.yaml", "cluster: one\nprefixes: [shop.]\ntopics: {}\nusers: {}\n")
    found = affected(repo, "HEAD").after
    assert found.declared["cluster"] == {"one", "two"}
    assert "fleet/clusters/web/one.yaml" in {p.file for p in found.problems}, "read, though it is not on the disk"
