"""`python -m tools.bench.engine`: our runner against the raw engine command, on the same stacks and the same program.

Owns      the measurement of performance.md's engine goals: warm preview and up of unchanged stacks as ratios, and
          seconds for many stacks with one and two jobs.
Refuses   an unfair denominator: the raw side has the same environment, work directory, settings file and state, and a
          persistent language server that idles; both sides leave readable results, and these are compared first.

Raw is `pulumi preview|up --client=…` of the vendor's own inline language server (`pulumi.automation`). CPU seconds are
those of this process, in which both language servers run, and of the engine processes. Ours is below 1 on larger stacks
because its language server keeps the SDK's debug messages to itself: six synchronous calls a resource otherwise.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import grpc
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2_grpc

from stacks.run.engine import Engines
from stacks.run.environment import engine_environment
from stacks.run.many import Request, run_many
from stacks.run.operate import Operator
from stacks.run.outcome import Operation, Outcome
from stacks.run.programs import ProgramFile, Programs
from stacks.run.settings import RunSettings, load_settings
from stacks.stack import Stack
from tools.bench.paired import Ratio, Way, compare
from tools.engine import engine

PROGRAM = """
import pulumi

class Part(pulumi.ComponentResource):
    def __init__(self, name, inputs, options):
        super().__init__("kafkafleet:bench:Part", name, inputs, options)
        self.register_outputs({})

top = Part("top", {}, None)
for number in range(%d):
    Part(f"part-{number:03}", {"number": number, "text": "x" * 200}, pulumi.ResourceOptions(parent=top))
pulumi.export("number", 7)
pulumi.export("endpoint", "kafka.example.internal:9093")
"""


@dataclass(frozen=True)
class Bench:
    """A fleet to measure on: settings, its stacks, and those that are measured."""

    settings: RunSettings
    fleet: dict[str, Stack]
    chosen: tuple[str, ...]


@contextmanager
def built_in(resources: int, stacks: int) -> Iterator[Bench]:
    """Stacks of components, which need no provider: the engine's own work and nothing else."""
    with tempfile.TemporaryDirectory(prefix="kafka-fleet-bench-") as folder:
        root = Path(folder)
        (root / "stacks").mkdir()
        (root / "stacks" / "__main__.py").write_text(PROGRAM % resources)
        fleet = {
            name: Stack(name, "service", "bench", "-", False, cluster=name)
            for name in (f"kafka.bench-{number:02}" for number in range(stacks))
        }
        yield Bench(load_settings(root, engine(), environment={}), fleet, tuple(fleet))


def ratios(bench: Bench, pairs: int) -> list[Ratio]:
    """Control, preview and up of the first chosen stack, ours against raw."""
    stack = bench.fleet[bench.chosen[0]]
    with ExitStack() as opened:
        program = ProgramFile(bench.settings.program)
        ours = opened.enter_context(Programs(program, bench.settings.root, 2))
        operator = Operator(bench.settings, ours.address, Engines())
        raw = Raw(bench, opened.enter_context(_idle_server(program)))
        found = []
        for operation in ("preview", "up"):
            _same(operator.run(operation, stack), raw.counts(operation, stack))
            control = partial(raw.run, operation, stack)
            found.append(compare(f"control: raw {operation} / itself", control, control, pairs))
            found.append(compare(f"{operation}: ours / raw", _way(operator, operation, stack), control, pairs))
    return found


def whole_fleet(bench: Bench, pairs: int) -> list[Ratio]:
    """Previews of all chosen stacks: two jobs against one, and two jobs against raw commands two at a time."""

    def ours(jobs: int) -> Way:
        settings = bench.settings.model_copy(update={"jobs": jobs})
        return lambda: _all_good(run_many(Request("preview", bench.chosen, bench.fleet), settings).outcomes)

    with _idle_server(ProgramFile(bench.settings.program)) as address:
        raw = Raw(bench, address)

        def raw_two() -> None:
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(lambda name: raw.run("preview", bench.fleet[name]), bench.chosen))

        number = len(bench.chosen)
        return [
            compare(f"{number} previews: --jobs 2 / --jobs 1", ours(2), ours(1), pairs),
            compare(f"{number} previews: --jobs 2 / raw, 2 at once", ours(2), raw_two, pairs),
        ]


class Raw:
    """The engine's own command, as a shell script would run it."""

    def __init__(self, bench: Bench, address: str) -> None:
        self._settings = bench.settings
        self._address = address

    def run(self, operation: Operation, stack: Stack) -> Path:
        """Run it; the result is on disk when it ends, in the log whose path is given back."""
        folder = self._settings.scratch / "work" / stack.name
        log = folder / "raw.events"
        command = [str(self._settings.engine), operation, "--stack", stack.name, "--client", self._address]
        command += ["--non-interactive", "--color", "never", "--suppress-outputs", "--suppress-progress"]
        command += ["--parallel", str(self._settings.parallel), "--event-log", str(log)]
        command += [] if operation == "preview" else ["--yes", "--skip-preview"]
        environment = engine_environment(self._settings, stack.cell)
        subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - the CLI
        return log

    def counts(self, operation: Operation, stack: Stack) -> dict[str, int]:
        """Run it and read the summary: for the comparison of results before that of time."""
        events = [json.loads(line) for line in self.run(operation, stack).read_text().splitlines()]
        return dict(next(one["summaryEvent"]["resourceChanges"] for one in events if "summaryEvent" in one))


def _way(operator: Operator, operation: Operation, stack: Stack) -> Way:
    return lambda: _all_good([operator.run(operation, stack)])


def _all_good(outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        if not outcome.good or outcome.changes:
            raise RuntimeError(f"{outcome.stack} is not an unchanged stack: {outcome.result} {outcome.counts}")


def _same(ours: Outcome, raw: dict[str, int]) -> None:
    _all_good([ours])
    if ours.counts != raw:
        raise RuntimeError(f"the two ways differ: {ours.counts} and {raw}")


@contextmanager
def _idle_server(program: Callable[[], None]) -> Iterator[str]:
    """The vendor's inline language server, kept open."""
    server = grpc.server(ThreadPoolExecutor(16), options=[("grpc.so_reuseport", 0)])
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageServer(program), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None)


def measure(pairs: int, resources: Sequence[int], stacks: int) -> Iterator[Ratio]:
    """Everything on stacks that need no provider."""
    for number in resources:
        with built_in(number, 1) as bench:
            run_many(Request("up", bench.chosen, bench.fleet), bench.settings)
            yield from ratios(bench, pairs)
    with built_in(resources[0], stacks) as bench:
        run_many(Request("up", bench.chosen, bench.fleet), bench.settings)
        yield from whole_fleet(bench, max(3, pairs // 2))


def main() -> int:
    """Print the ratios; 1 where the machine was too noisy to say anything."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.engine", description=__doc__)
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--resources", type=int, nargs="+", default=[3, 60])
    parser.add_argument("--stacks", type=int, default=8)
    arguments = parser.parse_args()
    noisy = False
    for one in measure(arguments.pairs, arguments.resources, arguments.stacks):
        void = one.name.startswith("control") and not one.quiet
        noisy = noisy or void
        sys.stdout.write(f"{one.line()}{'  VOID: the control strays by more than 5 %' if void else ''}\n")
        sys.stdout.flush()
    return int(noisy)


if __name__ == "__main__":
    sys.exit(main())
