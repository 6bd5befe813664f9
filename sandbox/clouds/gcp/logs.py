"""Cloud Logging: buckets, sinks and exclusions.

Owns      their API models, ids, immutable properties and laws.
Refuses   log lines, and the seven days for which a deleted bucket keeps its name.
"""

from collections.abc import Iterator

from sandbox.clouds.gcp import tokens
from sandbox.clouds.gcp.forms import normal
from sandbox.clouds.gcp.links import decimal, existing, project
from sandbox.clouds.gcp.networks import FORCE_NEW
from sandbox.clouds.gcp.rules import (
    DELETE,
    SHAPE,
    WORLD,
    api_on,
    deletable,
    expression,
    given,
    matches,
    on,
    own_project,
    refusal,
    within_quota,
)
from sandbox.contract import ApiModel, Properties, Refusal, Request, TypeModel, World

_NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}"
_BUCKETS = "logging.googleapis.com/"


def bucket_id(request: Request, _: World) -> str:
    """`projects/<p>/locations/<l>/buckets/<n>`."""
    where, name = request.inputs["location"], request.inputs["bucketId"]
    return f"projects/{project(request)}/locations/{where}/buckets/{name}"


def bucket_outputs(request: Request, _: World, id: str) -> Properties:
    """Its full name and state."""
    return {"description": "", **request.inputs, "name": id, "lifecycleState": "ACTIVE"}


def sink_id(request: Request, _: World) -> str:
    """`projects/<p>/sinks/<n>`."""
    return f"projects/{project(request)}/sinks/{request.inputs['name']}"


def sink_outputs(request: Request, _: World, __: str) -> Properties:
    """The account as which the sink writes; none is needed for a bucket of the same project."""
    number = decimal(project(request), 12)
    writer = f"serviceAccount:service-{number}@gcp-sa-logging.iam.gserviceaccount.com"
    inside = str(request.inputs["destination"]).startswith(f"{_BUCKETS}projects/{project(request)}/")
    return {**request.inputs, "writerIdentity": "" if inside else writer}


def exclusion_id(request: Request, _: World) -> str:
    """`projects/<p>/exclusions/<n>`."""
    return f"projects/{project(request)}/exclusions/{request.inputs['name']}"


def exclusion_outputs(request: Request, _: World, __: str) -> Properties:
    """Nothing is computed."""
    return dict(request.inputs)


@on(*SHAPE)
def retention(request: Request, _: World) -> Iterator[Refusal]:
    """1 to 3650 days."""
    days = request.inputs.get("retentionDays")
    if isinstance(days, int) and not 1 <= days <= 3650:
        yield refusal("invalid", f"retention of {days} days must be between 1 and 3650", ("retentionDays",))


FIELDS = (
    r"AND|OR|NOT|log_id|logName|severity|timestamp|resource\.type|resource\.labels\.\w+|labels\.\w+|httpRequest\.\w+"
    r"|textPayload|(json|proto)Payload(\.\w+)*|insertId|trace|true|false"
)
query = expression("filter", FIELDS, "INVALID_ARGUMENT")
"""cloud.google.com/logging/docs/view/logging-query-language (general knowledge of it, 2026-11)."""


@on(*SHAPE)
def destination_form(request: Request, _: World) -> Iterator[Refusal]:
    """A bucket of Logging or Storage, a dataset, a topic or a project."""
    to = request.inputs.get("destination")
    services = ("bigquery", "logging", "pubsub", "storage")
    if isinstance(to, str) and not any(to.startswith(f"{name}.googleapis.com/") for name in services):
        message = f"unsupported sink destination: '{to}' (known: {', '.join(services)}.googleapis.com/…)"
        yield refusal("INVALID_ARGUMENT", message, ("destination",))


@on(*WORLD)
def bucket_exists(request: Request, world: World) -> Iterator[Refusal]:
    """A sink to a log bucket of the project needs that bucket."""
    to = str(request.inputs.get("destination"))
    if to.startswith(f"{_BUCKETS}projects/{project(request)}/"):
        name = to.removeprefix(_BUCKETS)
        if existing(world, tokens.LOG_BUCKET, name, request) is None:
            yield refusal("NOT_FOUND", f"bucket '{name}' does not exist", ("destination",))


@on(*DELETE)
def bucket_unused(request: Request, world: World) -> Iterator[Refusal]:
    """A bucket into which a sink writes stays."""
    if request.old is None:
        return
    users = [r for r in world.mentions(f"{_BUCKETS}{request.old.id}") if r.type == tokens.LOG_SINK]
    if users:
        message = f"bucket '{request.old.id}' is the destination of sink '{users[0].id}'"
        yield refusal("FAILED_PRECONDITION", message)


TYPES = (
    TypeModel(
        token=tokens.LOG_BUCKET,
        api=ApiModel(
            source="discovery",
            service="logging.v2",
            shape="LogBucket",
            rename={"project": "", "location": "", "bucketId": "", "deletionPolicy": "",
                    "enableAnalytics": "analyticsEnabled"},
            constants={},
        ),
        identify=bucket_id,
        outputs=bucket_outputs,
        immutable=dict.fromkeys(("project", "location", "bucketId"), FORCE_NEW),
        laws=(
            matches("bucketId", _NAME),
            matches("location", r"global|eu|us|[a-z]+-[a-z]+[0-9]{1,2}", "is not a location of Cloud Logging"),
            own_project,
            retention,
            api_on("logging"),
            within_quota,
            deletable,
            bucket_unused,
        ),
        normalize=normal({"retentionDays": 30}),
        unique=("bucketId",),
        unique_in="parent:location",
    ),
    TypeModel(
        token=tokens.LOG_SINK,
        api=ApiModel(
            source="discovery",
            service="logging.v2",
            shape="LogSink",
            rename={"project": "", "deletionPolicy": "", "uniqueWriterIdentity": "", "customWriterIdentity": ""},
            constants={},
        ),
        identify=sink_id,
        outputs=sink_outputs,
        immutable=dict.fromkeys(("name", "project", "uniqueWriterIdentity"), FORCE_NEW),
        laws=(
            matches("name", _NAME),
            given("name"),
            own_project,
            query,
            destination_form,
            bucket_exists,
            api_on("logging"),
            within_quota,
            deletable,
        ),
        normalize=normal({"uniqueWriterIdentity": True}),
        unique=("name",),
    ),
    TypeModel(
        token=tokens.LOG_EXCLUSION,
        api=ApiModel(
            source="discovery", service="logging.v2", shape="LogExclusion", rename={"project": ""}, constants={}
        ),
        identify=exclusion_id,
        outputs=exclusion_outputs,
        immutable=dict.fromkeys(("name", "project"), FORCE_NEW),
        laws=(matches("name", _NAME), given("name"), own_project, query, api_on("logging"), within_quota),
        unique=("name",),
    ),
)  # fmt: skip
