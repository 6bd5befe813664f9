"""Container images: where they are pulled from.

Owns      the way through a cell's mirror.
Refuses   images without tag or digest: `latest` changes a cluster that nobody touched.
"""

import re
from collections.abc import Iterator

from components.finding import Finding
from components.services.contract import Place

PATTERN = r"^[a-z0-9.-]+(:\d+)?(/[a-z0-9._-]+)+(:[A-Za-z0-9._-]{1,128})?(@sha256:[0-9a-f]{64})?$"
"""`registry/path:tag`, `registry/path@sha256:…` or both. The registry is always written down."""


def pinned(image: str) -> bool:
    """Whether an image says which one: a tag other than `latest`, or a digest."""
    tag = re.search(r":([A-Za-z0-9._-]+)(@|$)", image.partition("/")[2])
    return "@sha256:" in image or (tag is not None and tag[1] != "latest")


def check(image: str | None, path: tuple[str | int, ...]) -> Iterator[Finding]:
    """Findings of one `image` field."""
    if image is not None and not pinned(image):
        yield Finding(
            "image-not-pinned",
            path,
            f"'{image}' is another image tomorrow, and pods of one service would run both",
            "a tag other than latest, or a digest",
        )


def pulled(image: str, place: Place) -> str:
    """The image as a pod on this place pulls it: from the cell's mirror, where it has one."""
    if not place.image_registry:
        return image
    return f"{place.image_registry.rstrip('/')}/{image.partition('/')[2]}"
