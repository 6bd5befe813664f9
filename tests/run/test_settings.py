"""Where state lives, which environment an engine gets, and which settings are refused."""

import stat
from pathlib import Path

import pytest

from stacks.run.environment import engine_environment, exports
from stacks.run.home import prepare_home
from stacks.run.settings import RunSettings, SettingsError, load_settings

ENGINE = Path("/opt/pulumi/bin/pulumi")
CLOUD = {
    "AWS_SECRET_ACCESS_KEY": "aws",
    "AWS_PROFILE": "p",
    "GOOGLE_APPLICATION_CREDENTIALS": "g",
    "AZURE_CLIENT_SECRET": "z",
    "VAULT_TOKEN": "v",
    "GITHUB_TOKEN": "never",
    "PULUMI_ACCESS_TOKEN": "never",
    "PULUMI_CONFIG_PASSPHRASE": "never",
    "KAFKA_PASSWORD": "never",
    "PATH": "/bin",
    "LC_ALL": "C",
}


def at(root: str, **fields: object) -> RunSettings:
    return RunSettings.model_validate(
        {"root": Path("/r"), "program": Path("/r/p"), "engine": ENGINE, "state_root": root, **fields}
    )


@pytest.mark.parametrize(
    ("root", "backend"),
    [
        ("file:///srv/state", "file:///srv/state/euw1"),
        ("file:///srv/state/", "file:///srv/state/euw1"),
        ("s3://bucket?region=eu-west-1&awssdk=v2", "s3://bucket/euw1?region=eu-west-1&awssdk=v2"),
        ("gs://bucket/fleet", "gs://bucket/fleet/euw1"),
        ("azblob://container?storage_account=x", "azblob://container/euw1?storage_account=x"),
    ],
)
def test_each_cell_has_a_backend_of_its_own(root: str, backend: str) -> None:
    assert at(root).backend("euw1") == backend


def passed(settings: RunSettings) -> set[str]:
    return {name for name in CLOUD if name in engine_environment(settings, "euw1", CLOUD)}


def test_an_engine_gets_what_it_needs_and_no_more() -> None:
    clouds = {"AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "GOOGLE_APPLICATION_CREDENTIALS", "AZURE_CLIENT_SECRET"}
    plain = {"PATH", "LC_ALL"}
    assert passed(at("file:///s")) == plain | clouds
    assert passed(at("file:///s", sandbox="aws:1")) == plain
    assert passed(at("gs://b", sandbox="aws:1")) == plain | {"GOOGLE_APPLICATION_CREDENTIALS"}
    assert passed(at("file:///s", sandbox="aws:1", secrets_provider="hashivault://k")) == plain | {"VAULT_TOKEN"}


def test_an_engine_in_the_sandbox_fetches_no_plugins() -> None:
    found = engine_environment(at("file:///s", sandbox="aws:1,gcp:2"), "c", {})
    assert found["PULUMI_DEBUG_PROVIDERS"] == "aws:1,gcp:2"
    assert found["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] == "true"
    assert "PULUMI_DEBUG_PROVIDERS" not in engine_environment(at("file:///s"), "c", {})


def test_state_is_written_once_in_the_sandbox_alone() -> None:
    asked = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}
    assert engine_environment(at("file:///s", sandbox="aws:1"), "c", asked).items() >= asked.items()
    assert not engine_environment(at("file:///s"), "c", asked).keys() & asked.keys()


def test_exports_hold_no_passphrase(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, ENGINE, environment={"PULUMI_CONFIG_PASSPHRASE": "hunter2"})
    found = exports(settings, "c")
    assert "hunter2" not in str(found)
    assert Path(found["PULUMI_CONFIG_PASSPHRASE_FILE"]).read_text() == "hunter2"


def test_a_laptop_gets_a_passphrase_of_its_own_once(tmp_path: Path) -> None:
    first = load_settings(tmp_path, ENGINE, environment={})
    assert first.passphrase_file is not None
    text = first.passphrase_file.read_text()
    assert len(text) > 30
    assert stat.S_IMODE(first.passphrase_file.stat().st_mode) == 0o600
    load_settings(tmp_path, ENGINE, environment={})
    assert first.passphrase_file.read_text() == text


def test_a_given_passphrase_file_is_not_copied(tmp_path: Path) -> None:
    given = tmp_path / "mine"
    given.write_text("x")
    settings = load_settings(tmp_path, ENGINE, environment={"PULUMI_CONFIG_PASSPHRASE_FILE": str(given)})
    assert settings.passphrase_file == given


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"KAFKA_FLEET_STATE": "ftp://x"}, "allowed: file://"),
        ({"KAFKA_FLEET_STATE": "file:relative"}, "no place for state"),
        ({"KAFKA_FLEET_STATE": "s3://"}, "no place for state"),
        ({"KAFKA_FLEET_STATE": "s3://shared"}, "no passphrase is given"),
        ({"KAFKA_FLEET_SECRETS_PROVIDER": "awskms"}, "allowed: passphrase, awskms://"),
        ({"PULUMI_CONFIG_PASSPHRASE_FILE": "/nowhere/at/all"}, "no such file"),
    ],
)
def test_settings_that_cannot_work_are_refused(tmp_path: Path, environment: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        load_settings(tmp_path, ENGINE, environment=environment)


def test_the_fleet_file_says_where_state_is_and_the_environment_wins(tmp_path: Path) -> None:
    given = {"PULUMI_CONFIG_PASSPHRASE": "hunter2"}
    relative = load_settings(tmp_path, ENGINE, backend="file://.fleet/state", environment=given)
    assert relative.state_root == (tmp_path / ".fleet/state").as_uri()
    shared = load_settings(tmp_path, ENGINE, backend="s3://bucket/fleet", secrets_provider="awskms://k", environment={})
    assert (shared.state_root, shared.secrets_provider) == ("s3://bucket/fleet", "awskms://k")
    over = load_settings(tmp_path, ENGINE, backend="s3://b", environment={**given, "KAFKA_FLEET_STATE": "gs://c"})
    assert over.state_root == "gs://c"


def test_engines_find_the_users_plugins_and_no_place_for_logs(tmp_path: Path) -> None:
    settings = at("file:///s").model_copy(update={"root": tmp_path})
    for home in (tmp_path / "old", tmp_path / "new"):
        (home / "plugins" / "resource-aws-v7").mkdir(parents=True)
        prepare_home(settings, {"PULUMI_HOME": str(home)})
        found = Path(engine_environment(settings, "c", {"PULUMI_HOME": str(home)})["PULUMI_HOME"])
        assert (found / "plugins").resolve() == home / "plugins"
        assert (found / "logs").is_file()
    assert "PULUMI_HOME" not in exports(settings, "c")
