# ruff: noqa: N802 - the methods have the protocol's names
"""A language host that does what Pulumi's own does with a Python program, for machines that cannot have that one.

It starts the vendor's own script in a process of its own, with the same arguments, directory and environment
(sdk/python/cmd/pulumi-language-python/main.go: constructArguments, constructEnv).
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
from pulumi.runtime.proto import LanguageRuntimeServicer, language_pb2, language_pb2_grpc, plugin_pb2

from tools.engine.host import python_exec


class StockHost(LanguageRuntimeServicer):
    def __init__(self, root: Path, directory: Path) -> None:
        self._root = root
        self._directory = directory
        self.runs: list[subprocess.CompletedProcess[str]] = []

    def About(self, request: Any, context: Any) -> Any:
        return language_pb2.AboutResponse(executable=sys.executable)

    def GetRequiredPlugins(self, request: Any, context: Any) -> Any:
        return language_pb2.GetRequiredPluginsResponse()

    def GetRequiredPackages(self, request: Any, context: Any) -> Any:
        return language_pb2.GetRequiredPackagesResponse()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo()

    def Run(self, request: Any, context: Any) -> Any:
        arguments = {
            "monitor": request.monitor_address,
            "engine": request.args[0],
            "project": request.project,
            "root_directory": str(self._root),
            "stack": request.stack,
            "pwd": str(self._directory),
            "dry_run": "true" if request.dryRun else "",
            "parallel": str(request.parallel),
            "organization": request.organization,
        }
        options = [part for name, value in arguments.items() if value for part in (f"--{name}", value)]
        environment = {
            **os.environ,
            "PULUMI_CONFIG": json.dumps(dict(request.config)),
            "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
        }
        # `.` as the program: what the host passes where Pulumi.yaml's `main` is a folder.
        command = [sys.executable, "-u", str(python_exec()), *options, "."]
        ran = subprocess.run(command, cwd=self._directory, env=environment, capture_output=True, text=True, check=False)
        self.runs.append(ran)
        # 32: the script has told the person already.
        return language_pb2.RunResponse(
            bail=ran.returncode == 32, error="" if ran.returncode in (0, 32) else ran.stderr
        )


@contextmanager
def serving(host: StockHost) -> Iterator[str]:
    """Serve it; gives what `--client` takes."""
    server = grpc.server(ThreadPoolExecutor(8), options=[("grpc.so_reuseport", 0)])
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None)
