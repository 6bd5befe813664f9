"""Cloud Storage buckets and grants on them.

Owns      names that are unique in all of GCP, encryption that the storage agent may use, retention that forbids what
          versions need.
Refuses   objects.
Source    cloud.google.com/storage/docs (bucket naming, soft delete, object versioning, CMEK), read 2026-11.
"""

from collections.abc import Iterator

from sandbox.clouds.gcp import tokens
from sandbox.clouds.gcp.forms import normal
from sandbox.clouds.gcp.iam import CONDITION, account_stands, condition_form, member_form, member_outputs
from sandbox.clouds.gcp.links import decimal, value
from sandbox.clouds.gcp.networks import FORCE_NEW
from sandbox.clouds.gcp.rules import SHAPE, WORLD, api_on, deletable, given, labels, matches, on, own_project, refusal
from sandbox.contract import ApiModel, Properties, Refusal, Request, TypeModel, World

_AGENT = "gs-project-accounts.iam.gserviceaccount.com"
_DAY = 86_400


@on(*SHAPE)
def _name(request: Request, _: World) -> Iterator[Refusal]:
    name = request.inputs.get("name")
    if isinstance(name, str) and (name.startswith("goog") or "google" in name or ".." in name):
        yield refusal("invalid", f"bucket name '{name}': no 'goog', 'google' or '..'", ("name",))


@on(*SHAPE)
def _soft_delete(request: Request, _: World) -> Iterator[Refusal]:
    seconds = value(request.inputs, "softDeletePolicy.retentionDurationSeconds")
    if isinstance(seconds, int | float) and seconds and not 7 * _DAY <= seconds <= 90 * _DAY:
        where = ("softDeletePolicy", "retentionDurationSeconds")
        yield refusal("invalid", f"soft delete of {seconds:.0f} s: 0, or 604800 to 7776000", where)


@on(*SHAPE)
def _versions_or_retention(request: Request, _: World) -> Iterator[Refusal]:
    if value(request.inputs, "versioning.enabled") is True and value(request.inputs, "retentionPolicy") is not None:
        message = "a retention policy and object versioning: here objects could never be overwritten"
        yield refusal("invalid", message, ("retentionPolicy",))


@on(*WORLD)
def _agent_may_encrypt(request: Request, world: World) -> Iterator[Refusal]:
    key = value(request.inputs, "encryption.defaultKmsKeyName")
    if not isinstance(key, str):
        return
    if world.find(tokens.CRYPTO_KEY, key) is None:
        yield refusal("notFound", f"the key '{key}' was not found", ("encryption", "defaultKmsKeyName"))
        return
    place, home = str(value(request.inputs, "location")).lower(), key.split("/")[3].lower()
    if place != home:
        message = f"the key is in '{home}' and the bucket in '{place}': they must be in the same location"
        yield refusal("invalid", message, ("encryption", "defaultKmsKeyName"))
    grants = world.all(tokens.CRYPTO_KEY_MEMBER)
    if not any(
        one.inputs.get("cryptoKeyId") == key
        and str(one.inputs.get("member")).endswith(f"@{_AGENT}")
        and one.inputs.get("role") == "roles/cloudkms.cryptoKeyEncrypterDecrypter"
        for one in grants
    ):
        message = f"permission denied on '{key}': grant service-<number>@{_AGENT} the encrypter and decrypter role"
        yield refusal("forbidden", message, ("encryption", "defaultKmsKeyName"))


@on(*WORLD)
def _bucket_stands(request: Request, world: World) -> Iterator[Refusal]:
    name = request.inputs.get("bucket")
    if isinstance(name, str) and world.find(tokens.BUCKET, name.removeprefix("b/")) is None:
        yield refusal("notFound", f"the specified bucket '{name}' does not exist", ("bucket",))


@on(*SHAPE)
def _role(request: Request, _: World) -> Iterator[Refusal]:
    role = request.inputs.get("role")
    known = ("admin", "legacyBucketReader", "objectAdmin", "objectCreator", "objectUser", "objectViewer")
    if isinstance(role, str) and role.startswith("roles/") and role.removeprefix("roles/storage.") not in known:
        yield refusal("INVALID_ARGUMENT", f"role '{role}' is not supported for this resource", ("role",))


def _bucket(request: Request, _: World, id: str) -> Properties:
    return {
        **request.inputs,
        "projectNumber": int(decimal(request.scope.account, 12)),
        "selfLink": f"https://www.googleapis.com/storage/v1/b/{id}",
        "url": f"gs://{id}",
    }


def _grant(request: Request, _: World) -> str:
    condition = request.inputs.get("condition")
    title = f"/{condition.get('title')}" if isinstance(condition, dict) else ""
    return f"b/{request.inputs['bucket']}/{request.inputs['role']}/{request.inputs['member']}{title}"


TYPES = (
    TypeModel(
        token=tokens.BUCKET,
        api=ApiModel(
            source="discovery",
            service="storage.v1",
            shape="Bucket",
            rename={
                "project": "",
                "forceDestroy": "",
                "deletionPolicy": "",
                "enableObjectRetention": "",
                "requesterPays": "billing.requesterPays",
                "publicAccessPrevention": "iamConfiguration.publicAccessPrevention",
                "uniformBucketLevelAccess": "",
                "lifecycleRules": "lifecycle.rule",
                "lifecycleRules[].condition.withState": "",
                "lifecycleRules[].condition.matchesPrefixes": "lifecycle.rule[].condition.matchesPrefix",
            },
            constants={},
        ),
        identify=lambda request, _: str(request.inputs["name"]),
        outputs=_bucket,
        immutable=dict.fromkeys(("name", "location", "project"), FORCE_NEW),
        laws=(
            given("name"),
            matches("name", r"[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]", "3 to 63 lower-case letters, digits, '.', '_', '-'"),
            own_project,
            labels("labels"),
            api_on("storage"),
            _name,
            _soft_delete,
            _versions_or_retention,
            _agent_may_encrypt,
            deletable,
        ),
        normalize=normal({"forceDestroy": False, "storageClass": "STANDARD"}),
        unique=("name",),
        unique_in="cloud",
    ),
    TypeModel(
        token=tokens.BUCKET_MEMBER,
        api=ApiModel(
            source="discovery",
            service="storage.v1",
            shape="Policy",
            rename={"bucket": "", "member": "", "role": "", "condition": ""},
            constants={},
        ),
        identify=_grant,
        outputs=member_outputs,
        immutable=dict.fromkeys(("bucket", "role", "member", "condition"), FORCE_NEW),
        laws=(member_form, _role, condition_form, CONDITION, _bucket_stands, account_stands),
        adopts=True,
    ),
)
