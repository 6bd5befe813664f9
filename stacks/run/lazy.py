"""Makes the SDKs' lazy modules safe for programs that run at the same time.

Owns      one replaced method of `pulumi._utils._LazyModule`.
Refuses   any other change to the SDK.

A provider SDK's modules load when one of their attributes is first asked for. The SDK's loader turns the module into
an ordinary one *before* it executes it, so that a second thread meanwhile finds a module with half of its names:
"module 'pulumi_kubernetes.meta.v1' has no attribute 'ObjectMetaArgs'". CPython had the same fault (gh-117983, mended
in 3.12.4 by a lock), and the SDK has a copy of that code from before.
"""

import sys
import threading
import types
from typing import Any

from pulumi import _utils

_WAIT_SECONDS = 300
# One for all, and not one a module: SDK modules need each other in circles, and two locks taken in either order wait
# for ever.
_loading = threading.RLock()


def make_lazy_modules_safe() -> None:
    """Replace the method, once; modules that wait to be loaded are safe from then on."""
    if _utils._LazyModule.__getattribute__ is not _attribute:
        _utils._LazyModule.__getattribute__ = _attribute  # type: ignore[method-assign]


def _attribute(module: types.ModuleType, name: str) -> Any:
    """The attribute, after the module was loaded by the first thread that came."""
    if name in _utils._INTROSPECTION_ATTRS:
        return types.ModuleType.__getattribute__(module, name)
    if not _loading.acquire(timeout=_WAIT_SECONDS):
        raise ImportError(f"another thread has been loading SDK modules for {_WAIT_SECONDS} s; {module} was not loaded")
    try:
        state = module.__spec__.loader_state  # type: ignore[union-attr]
        # Asked by the load itself, or by a thread that waited for it: what is there now is what there is.
        if object.__getattribute__(module, "__class__") is _utils._LazyModule and not state.get("loading"):
            state["loading"] = True
            try:
                _load(module, state)
            finally:
                state["loading"] = False
    finally:
        _loading.release()
    return types.ModuleType.__getattribute__(module, name)


def _load(module: types.ModuleType, state: dict[str, Any]) -> None:
    """Execute the module, keep what was set on it before, and make it an ordinary one at the very end."""
    spec = module.__spec__
    if spec is None or spec.loader is None:
        raise ImportError(f"{module} has no loader")
    before, names = state["__dict__"], module.__dict__
    kept = {name: value for name, value in names.items() if name not in before or value is not before[name]}
    spec.loader.exec_module(module)
    if sys.modules.get(spec.name, module) is not module:
        raise ValueError(f"{spec.name} was replaced in sys.modules while it was loaded")
    names.update(kept)
    object.__setattr__(module, "__class__", types.ModuleType)
