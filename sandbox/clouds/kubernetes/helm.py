"""`helm.sh/v3:Release` in the sandbox.

Owns      what Helm and the provider check before they render: chart reference, names, values.
Refuses   to render: the sandbox has no charts, so the objects of a release don't exist in it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from sandbox.clouds.kubernetes import configuration
from sandbox.clouds.kubernetes.laws import INITIAL, NAMESPACE
from sandbox.clouds.kubernetes.wire import at
from sandbox.contract import UNKNOWN, Properties, Refusal, Request, TypeModel, World

TOKEN = "kubernetes:helm.sh/v3:Release"  # noqa: S105 - a type token
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_OCI = re.compile(r"oci://[a-z0-9.-]+(:\d+)?(/[a-z0-9._-]+)+(:[A-Za-z0-9._-]+)?(@sha256:[0-9a-f]{64})?")
_VERSION = re.compile(r"v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?")
_SOURCE = "pulumi-kubernetes, helmReleaseProvider.Diff: the release's identity in Helm's storage"


def _refused(field: str, code: str, message: str) -> Refusal:
    return Refusal("law", code, f"{field}: {message}", (field,))


def _chart(inputs: Properties) -> Iterator[Refusal]:
    chart, version = at(inputs, "chart"), at(inputs, "version")
    if isinstance(chart, str) and chart.startswith("oci://"):
        if not _OCI.fullmatch(chart):
            yield _refused(
                "chart", "chart-bad-reference", f"'{chart}' is no OCI reference: oci://host/path/name[@sha256:…]"
            )
        elif not version and "@sha256:" not in chart:
            yield _refused("version", "chart-not-pinned", f"chart '{chart}' needs a version or a digest")
        if at(inputs, "repositoryOpts", "repo"):
            yield _refused(
                "repositoryOpts", "chart-two-sources", "an OCI chart has no repository: remove repositoryOpts.repo"
            )
    elif inputs.get("chart") is not UNKNOWN and not chart:
        yield _refused("chart", "chart-missing", "Required value: which chart is installed")
    if isinstance(version, str) and not _VERSION.fullmatch(version):
        yield _refused("version", "chart-bad-version", f"'{version}' is no exact semantic version such as 1.2.0")


def valid(request: Request, _world: World) -> Iterable[Refusal]:
    """Refusals of a release."""
    inputs = request.inputs
    if request.operation == "delete":
        return
    yield from _chart(inputs)
    name, namespace = at(inputs, "name"), at(inputs, "namespace")
    if name is None and inputs.get("name") is not UNKNOWN:
        yield _refused("name", "release-name-missing", "Required value: the sandbox gives no generated names")
    elif isinstance(name, str) and not (len(name) <= 53 and _NAME.fullmatch(name)):
        yield _refused("name", "release-bad-name", f"'{name}': a release name is a DNS name of 53 characters at most")
    if namespace is None and inputs.get("namespace") is not UNKNOWN:
        yield _refused(
            "namespace", "release-namespace-missing", "Required value: never rely on the namespace `default`"
        )
    values = inputs.get("values")
    if values is not None and values is not UNKNOWN and not isinstance(values, Mapping):
        yield _refused("values", "release-bad-values", f"a mapping is needed, {type(values).__name__} was given")
    timeout = inputs.get("timeout")
    if isinstance(timeout, int | float) and timeout < 0:
        yield _refused("timeout", "release-bad-timeout", f"{timeout} seconds: none, or more, are given to a release")
    if inputs.get("atomic") is True and inputs.get("skipAwait") is True:
        yield _refused("skipAwait", "release-atomic-skip", "`atomic` waits for the release: it can't be skipped")


def in_namespace(request: Request, world: World) -> Iterable[Refusal]:
    """The release's namespace exists, or Helm was told to create it."""
    namespace = at(request.inputs, "namespace")
    if request.operation not in {"create", "update"} or not namespace or request.inputs.get("createNamespace"):
        return
    if namespace not in INITIAL and world.find(NAMESPACE, str(namespace), request.scope) is None:
        yield _refused("namespace", "NotFound", f'namespaces "{namespace}" not found')


def _identify(request: Request, _world: World) -> str:
    return f"{at(request.inputs, 'namespace')}/{at(request.inputs, 'name')}"


def _outputs(request: Request, _world: World, id: str) -> Properties:
    inputs = request.inputs
    revision = 1
    if request.old is not None and request.old.id == id:
        revision = int(at(request.old.outputs, "status", "revision") or 0) + 1
    status = {
        "name": at(inputs, "name"),
        "namespace": at(inputs, "namespace"),
        "chart": str(at(inputs, "chart")).rpartition("/")[2].partition("@")[0].partition(":")[0],
        "version": at(inputs, "version"),
        "revision": revision,
        "status": "deployed",
    }
    return {**inputs, "status": status}


MODEL = TypeModel(
    token=TOKEN,
    api=None,
    identify=_identify,
    outputs=_outputs,
    immutable={"name": _SOURCE, "namespace": _SOURCE},
    laws=[configuration.reachable, valid, in_namespace],
    unique=("name", "namespace"),
)
