"""Lazy SDK modules, asked for by several threads at once."""

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pulumi import _utils

from stacks.run.lazy import _attribute, make_lazy_modules_safe

_THREADS = 8


@pytest.fixture
def slow_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """Two modules that take a while and need each other, as a provider's SDK modules do."""
    names = ("fleet_lazy_one", "fleet_lazy_two")
    for name, other in zip(names, reversed(names), strict=True):
        (tmp_path / f"{name}.py").write_text(
            f"import time\nfrom pulumi._utils import lazy_import\nother = lazy_import({other!r})\n"
            "early = 1\ntime.sleep(0.2)\nneeded = other.early\nlate = 2\n"
        )
    monkeypatch.syspath_prepend(tmp_path)
    yield names
    for name in names:
        sys.modules.pop(name, None)


def _lazy(name: str) -> Any:
    return _utils.lazy_import(name)  # type: ignore[no-untyped-call]  # the SDK's internals have no types


def _ask(names: tuple[str, str]) -> list[Any]:
    modules = [_lazy(name) for name in names]
    together = threading.Barrier(_THREADS)

    def ask(number: int) -> Any:
        together.wait()
        try:
            return modules[number % 2].late
        except AttributeError as error:
            return error

    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(ask, range(_THREADS)))


@pytest.fixture
def original() -> Iterator[Callable[..., Any]]:
    """The SDK's own method; put back what was there afterwards."""
    current = _utils._LazyModule.__getattribute__
    yield current
    _utils._LazyModule.__getattribute__ = current  # type: ignore[method-assign]


def test_all_threads_get_whole_modules(slow_modules: tuple[str, str], original: Callable[..., Any]) -> None:
    make_lazy_modules_safe()
    assert _utils._LazyModule.__getattribute__ is _attribute
    assert _ask(slow_modules) == [2] * _THREADS


def test_a_module_that_fails_to_load_says_so_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, original: Callable[..., Any]
) -> None:
    make_lazy_modules_safe()
    (tmp_path / "fleet_lazy_broken.py").write_text("raise RuntimeError('no')\n")
    monkeypatch.syspath_prepend(tmp_path)
    module = _lazy("fleet_lazy_broken")
    for _ in range(2):
        with pytest.raises(RuntimeError, match="no"):
            _ = module.anything
    sys.modules.pop("fleet_lazy_broken", None)
