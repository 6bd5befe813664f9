"""Every file of the corpus is read on the same day."""

import pytest

from stacks import today
from tests.corpus.cases import TODAY


@pytest.fixture(autouse=True)
def _on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(today.VARIABLE, TODAY)
