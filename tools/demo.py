"""`make demo`: the example fleet applied on three clouds in the sandbox, a message through Kafka, and planned changes.

Owns      the order of the commands that a newcomer would type, each shown before it runs.
Refuses   shortcuts: it runs the same `fleet` command as everyone, on the same files.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

from tools.demo_change import change

ROOT = Path(__file__).resolve().parent.parent
FLEET = Path(sys.executable).parent / "fleet"
CLUSTER, APP, USER = "payments-prod", "payments-api", "api"
TOPIC, GROUP = "payments.requested", "payments.demo"
FOREIGN = "fraud.verdicts"
"""A topic of another app on the same cluster."""


def step(*arguments: str) -> None:
    """Show a command and run it; stop the demo where it fails."""
    _show(*arguments)
    code = subprocess.run([FLEET, *arguments], cwd=ROOT, check=False).returncode  # noqa: S603 (our own command)
    if code != 0:
        _stop(f"`fleet {' '.join(arguments)}` ended with exit code {code}")


def _show(*arguments: str) -> None:
    sys.stdout.write(f"\n$ fleet {' '.join(arguments)}\n")
    sys.stdout.flush()


def _say(text: str) -> None:
    sys.stdout.write(f"\n{text}\n")
    sys.stdout.flush()


def _stop(why: str) -> None:
    sys.stdout.write(f"\nthe demo stopped: {why}\n")
    raise SystemExit(1)


def messages() -> None:
    """One message there and back as an app, and one that the app may not write."""
    from tools.kafka import trial

    arguments = ("connect", CLUSTER, "--app", APP, "--user", USER, "--client", "librdkafka", "--output", "json")
    _show(*arguments)
    done = subprocess.run([FLEET, *arguments], cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S603 (our own command)
    sys.stdout.write(done.stdout + done.stderr)
    if done.returncode != 0:
        _stop("no client properties")
    told = json.loads(done.stdout)
    path, value = Path(told["properties"]), trial.unique()
    sys.stdout.write(f"\nAs {told['user']}, with those properties, on a real Kafka broker of this machine:\n")
    said = trial.produce(path, TOPIC, value)
    sys.stdout.write(f"  produced to {TOPIC}: {said or value!r}\n")
    said = said or trial.consume(path, TOPIC, GROUP, value)
    sys.stdout.write(f"  consumed from {TOPIC}: {said or value!r}\n")
    refusal = trial.produce(path, FOREIGN, value)
    sys.stdout.write(f"  refused to {FOREIGN}: {refusal or 'it was NOT refused'}\n")
    if said or "AUTHORIZATION_FAILED" not in refusal:
        _stop("the broker did not do what the fleet's files say")


def main() -> None:
    """Run the demo. The sandbox is left running, so that a person can look at what there is."""
    from sandbox.kafka.control import missing as no_kafka

    began = time.monotonic()
    missing = no_kafka()
    step("validate")
    step("sandbox", "start", *(() if missing else ("--kafka", "real", "--cluster", CLUSTER)))
    step("preview", "--all")
    step("up", "--all", "--yes")
    if missing:
        sys.stdout.write(f"\nNo message is produced: {missing}\n")
    else:
        messages()
    if not change(_say, FLEET):
        _stop("a plan is not what it must be")
    sys.stdout.write(
        f"\nThe demo took {time.monotonic() - began:.0f} s. Nothing left this machine: the sandbox was the clouds.\n"
        "Look around:   fleet status · fleet sandbox status · fleet render kafka.payments-prod\n"
        "Change it:     edit a file in fleet/, then fleet plan, fleet preview <stack>\n"
        "Run it again:  make demo says that nothing changes. Clean up: make clean\n"
        f"(`fleet` is {FLEET.relative_to(ROOT) if FLEET.is_relative_to(ROOT) else FLEET})\n"
    )


if __name__ == "__main__":
    main()
