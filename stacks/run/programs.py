# ruff: noqa: N802 - the methods of servers have the protocol's names
"""One language host for all stacks: it lives in this process and runs the one program for each of them.

Owns      the gRPC server that engines are pointed to by `--client`, and the isolation of concurrent runs.
Refuses   knowing stacks: which one to build is asked by the program itself (`pulumi.get_stack()`), as under the
          stock language host.
"""

import asyncio
import contextvars
import gc
import logging
import os
import platform
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import CodeType
from typing import Any

import grpc
import pulumi
from google.protobuf import empty_pb2
from pulumi import log
from pulumi.runtime import Settings, configure, run_in_stack, set_all_config
from pulumi.runtime.proto import (
    LanguageRuntimeServicer,
    engine_pb2,
    engine_pb2_grpc,
    language_pb2,
    language_pb2_grpc,
    plugin_pb2,
    resource_pb2_grpc,
)

from stacks.run.lazy import make_lazy_modules_safe
from stacks.run.quiet import inside, quiet
from stacks.run.secrets import Secrets, Watched

_MESSAGE_BYTES = 1024 * 1024 * 400
"""What the vendor's own hosts allow: a CRD as one property is larger than gRPC's default of 4 MB permits."""
_PATIENCE = 100_000
"""New objects before the next look for garbage, where Python's own number is 700: a cloud's SDK is some 100,000 objects
that all stay, and to look through them was a tenth of the time of a run."""
_CHANNEL = [("grpc.max_receive_message_length", _MESSAGE_BYTES)]


class ProgramFile:
    """The program, compiled once and executed afresh, as `__main__`, for each run.

    `runpy.run_path` does the same but swaps `sys.modules["__main__"]` and `sys.argv` meanwhile, and so is documented
    as unfit for threads; here several runs are always under way.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._code: tuple[int, CodeType] | None = None

    def __call__(self) -> None:
        """Run it; the SDK calls this inside the stack that it registers into."""
        exec(self._compiled(), {"__name__": "__main__", "__file__": str(self._path), "__builtins__": __builtins__})  # noqa: S102 - running a program is what a language host does

    def _compiled(self) -> CodeType:
        changed = self._path.stat().st_mtime_ns
        if self._code is None or self._code[0] != changed:
            self._code = (changed, compile(self._path.read_bytes(), str(self._path), "exec"))
        return self._code[1]


class Programs:
    """The server. Use as a context manager; `address` is what `--client` takes, `secrets` what programs marked so."""

    def __init__(self, program: Callable[[], Any], root: Path, runs: int) -> None:
        self.secrets = Secrets()
        self._quiet = quiet()
        # A run holds one thread from its beginning to its end; the rest answers engines that ask about plugins.
        self._server = grpc.server(
            ThreadPoolExecutor(max_workers=2 * runs + 4, thread_name_prefix="program"),
            options=[*_CHANNEL, ("grpc.so_reuseport", 0)],
        )
        language_pb2_grpc.add_LanguageRuntimeServicer_to_server(_Host(program, root, self.secrets), self._server)
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"

    def __enter__(self) -> "Programs":
        # Tasks that a failed run leaves behind are no news: the failure itself was reported to the engine.
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)
        make_lazy_modules_safe()
        self._collects = gc.get_threshold()
        gc.set_threshold(_PATIENCE, *self._collects[1:])
        self._quiet.__enter__()
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop(grace=None)
        self._quiet.__exit__(None, None, None)
        gc.set_threshold(*self._collects)


class _QuietEngine:
    """The engine's stub without debug messages: each is a synchronous call, and a run of the SDK sends dozens."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._stub = engine_pb2_grpc.EngineStub(channel)

    def Log(self, request: engine_pb2.LogRequest) -> Any:
        if request.severity == engine_pb2.DEBUG:
            return empty_pb2.Empty()
        return self._stub.Log(request)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stub, name)


class _Host(LanguageRuntimeServicer):
    def __init__(self, program: Callable[[], Any], root: Path, secrets: Secrets) -> None:
        self._program = program
        self._root = root
        self._secrets = secrets

    def About(self, _request: Any, _context: Any) -> Any:
        return language_pb2.AboutResponse(executable=sys.executable, version=platform.python_version())

    def GetRequiredPlugins(self, _request: Any, _context: Any) -> Any:
        return language_pb2.GetRequiredPluginsResponse()

    def GetRequiredPackages(self, _request: Any, _context: Any) -> Any:
        return language_pb2.GetRequiredPackagesResponse()

    def GetPluginInfo(self, _request: Any, _context: Any) -> Any:
        return plugin_pb2.PluginInfo()

    def Run(self, request: Any, _context: Any) -> Any:
        # The SDK keeps all that belongs to one run in context variables, so a copied context is a run of its own.
        return contextvars.copy_context().run(self._run, request)

    def _run(self, request: Any) -> Any:
        inside()
        with (
            grpc.insecure_channel(request.monitor_address, options=_CHANNEL) as monitor,
            grpc.insecure_channel(request.args[0], options=_CHANNEL) as engine,
        ):
            configure(
                Settings(
                    project=request.project,
                    stack=request.stack,
                    monitor=Watched(resource_pb2_grpc.ResourceMonitorStub(monitor), self._secrets, request.stack),
                    engine=_QuietEngine(engine),
                    parallel=request.parallel,
                    dry_run=request.dryRun,
                    organization=request.organization or "organization",
                    root_directory=str(self._root),
                )
            )
            set_all_config(dict(request.config), list(request.configSecretKeys))
            return self._build(request.parallel)

    async def _whole(self) -> None:
        self._program()
        # Lets the registrations begin. The SDK waits for them one by one if there are any; as long as there are none it
        # waits for the first of all outputs, again and again, and touches all of them each time (3.250.0,
        # runtime/stack.py: wait_for_rpcs): two thirds of the time that a cell of 260 resources took.
        await asyncio.sleep(0)

    def _build(self, parallel: int) -> Any:
        loop = asyncio.new_event_loop()
        loop.set_default_executor(ThreadPoolExecutor(max_workers=max(parallel, 1) * 4))
        try:
            loop.run_until_complete(run_in_stack(self._whole))
        except pulumi.RunError as error:
            return _failed(str(error))
        except grpc.RpcError as error:
            # An engine that is gone or going has said why itself.
            if error.code() == grpc.StatusCode.UNAVAILABLE:
                return language_pb2.RunResponse()
            return _failed(f"the engine refused a request: {error.details()}")
        except Exception as error:  # noqa: BLE001 - whatever a program raises fails its stack, never its neighbours
            return _failed(f"the program failed: {type(error).__name__}: {error}\n{_own_frames(error, self._root)}")
        finally:
            for task in asyncio.all_tasks(loop):
                task.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    loop.run_until_complete(task)
            loop.close()
        return language_pb2.RunResponse()


def _own_frames(error: BaseException, root: Path) -> str:
    """Where in the repository's own code an unexpected error arose; where in none of it, its last frames."""
    frames = traceback.extract_tb(error.__traceback__)
    folders = tuple(f"{root / name}{os.sep}" for name in ("stacks", "components"))
    own = [one for one in frames if one.filename.startswith(folders) and not one.filename.endswith("programs.py")]
    return "".join(traceback.format_list(own or frames[-3:])).rstrip()


def _failed(message: str) -> Any:
    with suppress(grpc.RpcError):
        log.error(message)
    # `bail`: it has been said, so the engine adds nothing of its own.
    return language_pb2.RunResponse(error=message, bail=True)
