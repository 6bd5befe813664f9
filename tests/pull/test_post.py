"""A pull request has one comment of ours, whoever else comments, however often and however many of us run."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stacks.pull.comment import MARKER
from stacks.pull.http import NotPostedError
from stacks.pull.post import post_to
from tests.pull.hosts import BOT, PERSON, World, hosting

BODY = f"{MARKER}\n### a verdict\n"


@pytest.fixture(params=["github", "gitlab"])
def world(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with hosting(request.param) as made:
        settle(made, tmp_path, monkeypatch)
        yield made


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with hosting("github") as made:
        settle(made, tmp_path, monkeypatch)
        yield made


def settle(world: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {
        "GITHUB_TOKEN": world.token,
        "GITHUB_API_URL": world.base,
        "GITHUB_REPOSITORY": "acme/fleet",
        "GITHUB_RUN_ID": "50",
        "GITHUB_RUN_ATTEMPT": "1",
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTOR": "alice",
        "GITHUB_EVENT_PATH": str(event(folder, "acme/fleet")),
        "GITHUB_STEP_SUMMARY": "",
        "CI_API_V4_URL": world.base,
        "CI_PROJECT_ID": "acme/fleet",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_PIPELINE_ID": "50",
        "CI_JOB_ID": "1",
        "FLEET_GITLAB_TOKEN": world.token,
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def event(folder: Path, head: str | None) -> Path:
    repo = {"full_name": head} if head else None
    request = {"number": 7, "head": {"repo": repo}, "base": {"repo": {"full_name": "acme/fleet"}}}
    path = folder / "event.json"
    path.write_text(json.dumps({"pull_request": request}))
    return path


def post(world: World, body: str = BODY, **more: Any) -> str:
    kind: Any = world.kind
    return post_to(kind, body, more.pop("summary", None), backoff=0.001, **more)


def test_the_comment_is_made_once_and_then_updated_in_place_among_hundreds(world: World) -> None:
    for n in range(250):
        world.add(f"comment {n}", PERSON)
    assert post(world) == "made the comment"
    for n in range(250):
        world.add(f"another {n}", PERSON)
    assert post(world, BODY + "more\n") == "updated the comment"
    assert post(world, BODY + "more\n") == "the comment says so already"
    (mine,) = world.marked
    assert mine.endswith("more\n")
    assert len(world.notes) == 501
    listed = [call for call in world.calls if call.startswith("GET") and call.endswith(("comments", "notes"))]
    assert len(listed) >= 3 + 6


def test_a_comment_of_a_stranger_with_our_marker_is_left_alone(world: World) -> None:
    theirs = world.add(f"{MARKER}\napproved, trust me", PERSON)
    assert post(world) == "made the comment"
    assert world.notes[theirs]["body"].endswith("trust me")


def test_two_runs_at_once_leave_one_comment_with_the_newer_text(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have looked and found none before either makes one."""
    both = threading.Barrier(2, timeout=20)
    world.before_create = both.wait  # type: ignore[assignment]
    from stacks.pull import github, gitlab, sticky

    made = github.GitHub if world.kind == "github" else gitlab.GitLab
    hosts = [made(backoff=0.001), made(backoff=0.001)]
    hosts[1].run = (51, 1)
    threads = [threading.Thread(target=sticky.stick, args=(one, f"{BODY}{one.run[0]}\n")) for one in hosts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (mine,) = world.marked
    assert mine.endswith("\n51\n")
    assert "run=51.1" in mine


def test_an_earlier_run_that_comes_late_does_not_overwrite(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_RUN_ID", "60")
    monkeypatch.setenv("CI_PIPELINE_ID", "60")
    post(world, BODY + "newer\n")
    monkeypatch.setenv("GITHUB_RUN_ID", "59")
    monkeypatch.setenv("CI_PIPELINE_ID", "59")
    assert post(world, BODY + "older\n") == "left the comment as it is: a later run has written it"
    assert [one for one in world.marked if "newer" in one] == world.marked


def test_comments_left_by_a_crash_become_one(world: World) -> None:
    first = world.add(BODY + "one\n", BOT)
    world.add(BODY + "two\n", BOT)
    assert post(world, BODY + "three\n") == "updated the comment"
    assert [key for key, one in world.notes.items() if "three" in one["body"]] == [first]
    assert len(world.notes) == 1


def test_an_app_that_may_not_ask_who_it_is_still_leaves_one_comment(
    github: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS")
    github.me = None
    assert post(github) == "made the comment"
    assert post(github, BODY + "more\n") == "updated the comment"
    (mine,) = github.marked
    assert mine.endswith("more\n")


def test_a_comment_that_goes_while_we_look_is_looked_for_again(world: World) -> None:
    world.add(BODY, BOT)
    world.fail[r"(PATCH|PUT) .*"] = [(404, {"message": "Not Found"}, {})] * 2
    assert post(world, BODY + "more\n") == "updated the comment"
    world.fail[r"(PATCH|PUT) .*"] = [(404, {"message": "Not Found"}, {})] * 3
    with pytest.raises(NotPostedError, match="404"):
        post(world, BODY + "even more\n")


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_what_passes_is_tried_again(world: World, status: int) -> None:
    world.fail[".*(comments|notes)"] = [(status, {}, {"Retry-After": "0"})] * 2
    assert post(world) == "made the comment"
    assert len(world.marked) == 1


def test_too_many_requests_as_github_says_it_are_tried_again(github: World) -> None:
    github.fail["POST .*"] = [(403, {"message": "secondary rate limit"}, {"Retry-After": "0"})]
    assert post(github) == "made the comment"


@pytest.mark.parametrize(
    ("status", "said", "hint"),
    [
        (401, "answers 401: no", "the token is not valid"),
        (403, "answers 403: no", "pull-requests: write"),
        (404, "answers 404: no", "no such pull request"),
        (422, "answers 422: no", "too long"),
        (500, "answers 500: no", ""),
        (302, "answers 302: no", ""),
    ],
)
def test_what_stays_wrong_is_told_with_what_to_do(github: World, status: int, said: str, hint: str) -> None:
    github.fail["POST .*"] = [(status, {"message": "no"}, {"Location": "http://127.0.0.1:1/"})] * 10
    with pytest.raises(NotPostedError, match=said) as error:
        post(github)
    assert hint in error.value.hint


def test_a_host_that_is_not_there_is_told_without_its_address(github: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9/secret-path")
    with pytest.raises(NotPostedError, match="could not be reached") as error:
        post(github)
    assert "secret-path" not in str(error.value)


def test_a_token_travels_to_no_other_server_and_never_in_clear(github: World, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = {"Link": '<http://127.0.0.1:9/api/x>; rel="next"'}
    github.fail["GET .*comments"] = [(200, [], elsewhere)]  # type: ignore[list-item]
    with pytest.raises(NotPostedError, match="another server"):
        post(github)
    monkeypatch.setenv("GITHUB_API_URL", "http://ghe.example/api/v3")
    with pytest.raises(NotPostedError, match="not https"):
        post(github)


@pytest.mark.parametrize("head", ["mallory/fleet", None])
def test_a_fork_without_the_right_gets_the_report_on_the_jobs_page(
    github: World, head: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event(tmp_path, head)))
    github.fail["POST .*"] = [(403, {"message": "Resource not accessible by integration"}, {})]
    assert "on the job's page" in post(github)
    assert page.read_text().startswith(BODY)
    assert "forks may not comment" in page.read_text()
    github.fail["POST .*"] = [(403, {"message": "Resource not accessible by integration"}, {})]
    post(github)
    assert page.read_text().count(MARKER) == 1, "a page takes 1 MiB: nothing is told twice"


def test_a_fork_of_gitlab_without_a_token_is_no_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with hosting("gitlab") as world:
        settle(world, tmp_path, monkeypatch)
        monkeypatch.delenv("FLEET_GITLAB_TOKEN")
        with pytest.raises(NotPostedError, match="no FLEET_GITLAB_TOKEN") as error:
            post(world)
        assert "project access token" in error.value.hint
        monkeypatch.setenv("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "12")
        monkeypatch.setenv("CI_MERGE_REQUEST_PROJECT_ID", "acme/fleet")
        assert "artifacts" in post(world)


def test_the_summary_goes_to_the_jobs_page_and_is_not_too_long(
    github: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
    post(github, summary="# all of it\n")
    assert page.read_text() == "# all of it\n"
    with pytest.raises(NotPostedError, match="too long"):
        post(github, summary="x" * 1_100_000)


def test_only_a_comment_of_ours_is_posted(github: World) -> None:
    with pytest.raises(NotPostedError, match="no marker"):
        post(github, "hello\n")


def test_what_a_job_does_not_say_about_itself_is_asked_for(github: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_EVENT_PATH", "")
    with pytest.raises(NotPostedError, match="no pull request"):
        post(github)
    assert post(github, number=7) == "made the comment"
    monkeypatch.setenv("GITHUB_REPOSITORY", "")
    with pytest.raises(NotPostedError, match="which repository"):
        post(github)
