"""Fixtures that several files of engine tests share."""

from collections.abc import Iterator

import pytest

from tests.run.tiny import serving


@pytest.fixture(scope="module")
def tiny() -> Iterator[str]:
    """A provider of one small resource, as the engine is told of it."""
    with serving() as address:
        yield address
