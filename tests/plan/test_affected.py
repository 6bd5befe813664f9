"""What a change affects, next to a render of everything; and through what."""

import random
from collections.abc import Iterator

import pytest

from stacks.plan.affected import affected
from stacks.plan.pair import Comparison
from stacks.plan.reach import Reach
from tools.affected.draw import DATA, files, reformat_file
from tools.affected.trial import Trial
from tools.affected.world import World, example

AWS = ("aws-euw1-prod", "aws-use1-dev")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return example(tmp_path_factory.mktemp("affected"), cells=AWS)


@pytest.fixture
def clean(world: World) -> Iterator[World]:
    base = world.git("rev-parse", "HEAD")
    yield world
    world.back_to(base)


def edit(world: World, file: str, old: str, new: str) -> None:
    path = world.root / "fleet" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def through(found: Comparison, stack: str) -> list[tuple[str, str, str]]:
    return [(each.kind, each.file.rpartition("/")[2], each.what) for each in found.pairs[stack].through]


def test_drawn_edits_affect_what_a_render_of_everything_says(clean: World) -> None:
    rows = Trial(clean, DATA, seed=7).run(60).values()
    assert [each for row in rows for each in (*row.missed, *row.extra)] == []
    assert sum(row.affected for row in rows) > 60
    assert sum(row.silent for row in rows) > 10


def test_the_trial_sees_what_is_missed(clean: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Reach, "_naming", lambda *_: set())
    rows = Trial(clean, {"cell": DATA["value of a cell"], "profile": DATA["profile"]}, seed=7).run(9).values()
    assert any(row.missed for row in rows)


def test_another_form_of_every_file_affects_nothing(clean: World) -> None:
    rng = random.Random(3)  # noqa: S311 - reproducible data, no secret
    for path in [
        clean.root / "fleet/fleet.yaml",
        *files(clean.root, "apps", "clusters", "cells", "profiles", "services"),
    ]:
        reformat_file(path, rng)
    found = affected(clean.root, "HEAD")
    assert len(found.revisions.files) > 15
    assert (found.pairs, found.after.errors) == ({}, ())


def test_what_builds_on_a_file_that_its_model_refuses_is_read_and_told(clean: World) -> None:
    """Nothing of it flows into clusters any more, though the part that flows is as it was."""
    edit(clean, "services/schema_registry.yaml", "owner: ", "owned_by: ")
    found = affected(clean.root, "HEAD")
    assert {(each.file.rpartition("/")[2], each.code) for each in found.after.errors} >= {
        ("schema_registry.yaml", "missing-key"),
        ("payments-prod.yaml", "missing-key"),
    }
    assert "schema_registry.payments-prod" in found.pairs


def test_an_app_is_read_with_its_cluster_alone(clean: World) -> None:
    edit(clean, "apps/web/storefront.yaml", "partitions: 24", "partitions: 25")
    found = affected(clean.root)
    assert list(found.pairs) == ["app.web-prod.storefront"]
    assert through(found, "app.web-prod.storefront") == [("file", "storefront.yaml", "topics.store.carts.partitions")]
    (leaf,) = found.pairs["app.web-prod.storefront"].leaves
    assert (leaf.path, leaf.old, leaf.new, leaf.line) == (("topics", "store.carts", "partitions"), 24, 25, 7)
    assert set(found.after.apps) == {("web-prod", "storefront")}
    assert set(found.after.clusters) == {"web-prod", "payments-prod"}, "the mirror of web-prod names payments-prod"


def test_each_stack_is_told_its_own_cause(clean: World) -> None:
    edit(clean, "services/kafka.yaml", "consumer_bytes_per_s: 104857600", "consumer_bytes_per_s: 104857601")
    edit(clean, "profiles/critical.yaml", "controllers: 5", "controllers: 3")
    edit(clean, "cells/aws-euw1-prod.yaml", "cidrs: [10.255.0.0/16]", "cidrs: [10.254.0.0/16]")
    found = affected(clean.root)
    ring = ("service", "kafka.yaml", "rings.prod.quotas.consumer_bytes_per_s")
    assert through(found, "cell.aws-euw1-prod") == [("file", "aws-euw1-prod.yaml", "network.hub.cidrs")]
    assert through(found, "kafka.web-prod") == [ring], "neither the cell's ranges nor another's profile"
    assert through(found, "kafka.payments-prod") == [
        ("profile", "critical.yaml", "values.services.kafka.controllers"),
        ring,
    ]
    assert "kafka.logistics-dev" not in found.pairs


def test_a_cluster_reaches_its_apps_and_those_that_mirror_it(clean: World) -> None:
    edit(clean, "clusters/payments/payments-prod.yaml", "cost_center: payments-2001", "cost_center: payments-2009")
    edit(clean, "clusters/payments/payments-prod.yaml", "profile: critical\n", "profile: critical\nproduction: false\n")
    found = affected(clean.root)
    assert through(found, "app.payments-prod.fraud-detection")[0] == ("cluster", "payments-prod.yaml", "cost_center")
    assert "mirror.web-prod" not in found.pairs, "what a mirror sees of it is the same"
    edit(
        clean,
        "clusters/payments/payments-prod.yaml",
        "    config:\n",
        "    listeners:\n      network: {}\n    config:\n",
    )
    assert "kafka.payments-prod" in affected(clean.root).pairs


def test_teams_and_policies_of_fleet_yaml_affect_nothing_and_its_name_everything(clean: World) -> None:
    edit(clean, "fleet.yaml", 'apps: ["web-*", "storefront"]', 'apps: ["web-*", "storefront", "shop-*"]')
    found = affected(clean.root)
    assert (found.pairs, found.whole) == ({}, False)
    edit(clean, "fleet.yaml", "name: acme", "name: acne")
    found = affected(clean.root)
    assert found.whole
    assert set(found.pairs) == {name for name in found.after.stacks if not name.startswith("mirror.payments")}
    assert through(found, "kafka.web-prod") == [("fleet", "fleet.yaml", "name")]


def test_a_file_in_another_folder_is_the_same_stack(clean: World) -> None:
    (clean.root / "fleet/apps/web/storefront.yaml").rename(clean.root / "fleet/apps/analytics/storefront.yaml")
    found = affected(clean.root)
    assert [each.status for each in found.revisions.files] == ["renamed"]
    assert set(found.pairs) == {"app.web-prod.storefront"}
    pair = found.pairs["app.web-prod.storefront"]
    assert pair.before and pair.after
    assert pair.through[0].kind == "file"


def test_another_name_is_another_stack(clean: World) -> None:
    path = clean.root / "fleet/apps/web/storefront.yaml"
    path.rename(path.with_name("web-store.yaml"))
    found = affected(clean.root)
    assert [each.status for each in found.revisions.files] == ["renamed"]
    assert found.pairs["app.web-prod.storefront"].after is None
    assert found.pairs["app.web-prod.web-store"].before is None


def test_what_is_no_good_at_the_base_is_new(clean: World) -> None:
    base = clean.git("rev-parse", "HEAD")
    edit(clean, "apps/web/storefront.yaml", "partitions: 24", "partitions: many")
    clean.commit("broken")
    clean.git("checkout", "--quiet", base, "--", ".")
    found = affected(clean.root, "HEAD")
    assert found.pairs["app.web-prod.storefront"].before is None
    assert any("the base has 1 errors" in note for note in found.notes)


def test_a_head_without_a_good_fleet_is_an_error_and_no_plan(clean: World) -> None:
    edit(clean, "fleet.yaml", "name: acme", "name: [acme]")
    found = affected(clean.root)
    assert found.pairs == {}
    assert found.after.errors
    clean.git("rm", "-r", "-q", "-f", "fleet")
    found = affected(clean.root)
    assert found.pairs == {}
    assert [each.code for each in found.after.errors] == ["empty-fleet"]


def test_the_same_comparison_twice_is_the_same(clean: World) -> None:
    edit(clean, "cells/aws-use1-dev.yaml", "most_per_zone: 4", "most_per_zone: 5")
    one, other = affected(clean.root), affected(clean.root)
    assert list(one.pairs) == list(other.pairs)
    for name, pair in one.pairs.items():
        assert pair.through == other.pairs[name].through
        assert pair.after and other.pairs[name].after
        assert pair.after.rendition.digest == other.pairs[name].after.rendition.digest  # type: ignore[union-attr]


def test_a_field_of_a_cell_without_effect_affects_nothing(clean: World) -> None:
    edit(clean, "cells/aws-use1-dev.yaml", "production: false", "production: false\nlifecycle: active")
    assert affected(clean.root).pairs == {}
