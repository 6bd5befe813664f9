"""Images: always with their registry, always one and the same, and from the mirror where there is one."""

import re
from dataclasses import replace

import pytest

from components.services import images

from .requests import PUBLIC

DIGEST = f"sha256:{'a' * 64}"


@pytest.mark.parametrize(
    "image", ["docker.io/a/b:1.0", "quay.io/a/b/c:v1.0-x", f"ghcr.io/a/b@{DIGEST}", f"localhost:5000/b:1@{DIGEST}"]
)
def test_good_images(image: str) -> None:
    assert re.fullmatch(images.PATTERN, image)
    assert images.pinned(image)
    assert list(images.check(image, ("image",))) == []


@pytest.mark.parametrize("image", ["docker.io/a/b", "docker.io/a/b:latest", "localhost:5000/b"])
def test_images_that_are_another_one_tomorrow(image: str) -> None:
    (finding,) = images.check(image, ("image",))
    assert (finding.code, finding.path) == ("image-not-pinned", ("image",))


@pytest.mark.parametrize("image", ["nginx", "nginx:1.0", "Docker.io/a/b:1", "docker.io/a/b:", "docker.io/a b:1"])
def test_what_is_no_image_with_a_registry(image: str) -> None:
    assert not re.fullmatch(images.PATTERN, image)


def test_no_image_is_none_of_its_business() -> None:
    assert list(images.check(None, ("image",))) == []


def test_the_mirror_replaces_the_registry() -> None:
    assert images.pulled("docker.io/a/b:1", PUBLIC) == "docker.io/a/b:1"
    mirrored = replace(PUBLIC, image_registry="mirror.example:5000/all/")
    assert images.pulled("docker.io/a/b:1", mirrored) == "mirror.example:5000/all/a/b:1"
    assert images.pulled(f"quay.io/a/b@{DIGEST}", mirrored) == f"mirror.example:5000/all/a/b@{DIGEST}"
