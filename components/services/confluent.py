"""Images of Confluent's community packages: how they are told their settings, and how their metrics come out.

Owns      the way from a program's own keys to the variables that the images turn back into keys, and the JMX agent.
Refuses   which settings: each service has its own.
"""

from collections.abc import Mapping, Sequence

from components.model import Scalar

METRICS_PORT = 9404
METRICS_FILE = "/mnt/metrics/jmx.yaml"

USER = 1000
"""`appuser` of the images."""

HEAP_SHARE = 0.6
"""Of a pod's memory. The rest is for threads, buffers, classes and the agent."""

_AGENT = "/usr/share/java/cp-base-*/jmx_prometheus_javaagent-*.jar"


def text(value: Scalar) -> str:
    """A value as properties files have it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def variable(prefix: str, key: str) -> str:
    """The variable that stands for a key: `.` is `_`, `_` is `__`, `-` is `___`."""
    return prefix + key.replace("_", "__").replace("-", "___").replace(".", "_").upper()


def variables(prefix: str, settings: Mapping[str, Scalar]) -> dict[str, str]:
    """The variables of many keys."""
    return {variable(prefix, key): text(value) for key, value in settings.items()}


def heap(memory_mib: int) -> str:
    """Options of the JVM for a pod with that memory."""
    size = int(memory_mib * HEAP_SHARE)
    return f"-Xms{size}m -Xmx{size}m"


def command(options: str) -> tuple[str, ...]:
    """Start the image's own entry point with the JMX agent. `options` is the variable that its JVM reads.

    The agent's folder and file name change with the image's version, so the shell looks for it. An image without one
    does not start: it would run unseen.
    """
    agent = f"-javaagent:$1={METRICS_PORT}:{METRICS_FILE}"
    return ("sh", "-c", f'set -- {_AGENT}; export {options}="{agent}"; exec /etc/confluent/docker/run')


def metrics(rules: Sequence[tuple[str, str]], objects: Sequence[str]) -> str:
    """The agent's configuration: which MBeans are read, and what their attributes are called."""
    lines = ["lowercaseOutputName: true", "includeObjectNames:"]
    lines += [f'  - "{name}"' for name in objects]
    lines.append("rules:")
    for pattern, name in rules:
        lines += [f"  - pattern: '{pattern}'", f"    name: {name}", "    type: GAUGE"]
    return "\n".join([*lines, ""])
