"""Cloud KMS: key rings and keys.

Owns      their API models, ids, immutable properties and laws, and that neither can ever be deleted.
Refuses   key material and versions beyond the first.
"""

import re
from collections.abc import Iterator

from sandbox.clouds.gcp import tokens
from sandbox.clouds.gcp.forms import normal
from sandbox.clouds.gcp.links import project, relative, segment
from sandbox.clouds.gcp.networks import FORCE_NEW
from sandbox.clouds.gcp.rules import SHAPE, api_on, deletable, given, labels, matches, on, own_project, refers, refusal
from sandbox.contract import UNKNOWN, ApiModel, Properties, Refusal, Request, TypeModel, World

NAME = matches("name", r"[a-zA-Z0-9_-]{1,63}")
KEEPS = "Cloud KMS keeps key rings and keys for ever (cloud.google.com/kms/docs/destroy-restore)"
MULTI_REGIONS = frozenset({"global", "europe", "us", "asia", "eur3", "eur4", "nam4"})


def ring_id(request: Request, _: World) -> str:
    """`projects/<p>/locations/<l>/keyRings/<n>`."""
    return f"projects/{project(request)}/locations/{request.inputs['location']}/keyRings/{request.inputs['name']}"


def ring_outputs(request: Request, _: World, __: str) -> Properties:
    """Nothing is computed."""
    return dict(request.inputs)


def key_id(request: Request, _: World) -> str:
    """`<ring>/cryptoKeys/<n>`."""
    return f"{relative(request.inputs['keyRing'])}/cryptoKeys/{request.inputs['name']}"


def key_outputs(request: Request, _: World, id: str) -> Properties:
    """A new key has one version, which is its primary."""
    labelled = dict(request.inputs.get("labels") or {})
    return {
        **request.inputs,
        "destroyScheduledDuration": request.inputs.get("destroyScheduledDuration", "2592000s"),
        "effectiveLabels": labelled,
        "importOnly": False,
        "primaries": [{"name": f"{id}/cryptoKeyVersions/1", "state": "ENABLED"}],
        "pulumiLabels": labelled,
        "versionTemplate": request.inputs.get(
            "versionTemplate", {"algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION", "protectionLevel": "SOFTWARE"}
        ),
    }


@on(*SHAPE)
def ring_location(request: Request, _: World) -> Iterator[Refusal]:
    """A region or a multi-region."""
    where = request.inputs.get("location")
    if isinstance(where, str) and where not in MULTI_REGIONS and not re.fullmatch(r"[a-z]+-[a-z]+\d{1,2}", where):
        yield refusal("invalid", f"location '{where}' is not a location of Cloud KMS", ("location",))


@on(*SHAPE)
def rotation(request: Request, _: World) -> Iterator[Refusal]:
    """Seconds, more than a day, and only for keys that encrypt both ways."""
    period = request.inputs.get("rotationPeriod")
    if not isinstance(period, str):
        return
    found = re.fullmatch(r"(\d+)(\.\d{1,9})?s", period)
    if not found:
        yield refusal("invalid", f"rotation period '{period}' must be seconds such as '7776000s'", ("rotationPeriod",))
    elif int(found[1]) < 86400:
        yield refusal("invalid", f"rotation period '{period}' must be at least 86400s", ("rotationPeriod",))
    if request.inputs.get("purpose", "ENCRYPT_DECRYPT") not in ("ENCRYPT_DECRYPT", UNKNOWN):
        yield refusal("invalid", "only a key of purpose ENCRYPT_DECRYPT rotates by itself", ("rotationPeriod",))


@on(*SHAPE)
def ring_is_a_full_name(request: Request, _: World) -> Iterator[Refusal]:
    """The provider asks for the ring's full name, in the project that it works for."""
    ring = request.inputs.get("keyRing")
    if not isinstance(ring, str):
        return
    if not re.fullmatch(r"projects/[^/]+/locations/[^/]+/keyRings/[^/]+", ring):
        message = f"'{ring}' must be of the form projects/<p>/locations/<l>/keyRings/<n>"
        yield refusal("invalid", message, ("keyRing",))
    elif segment(ring, "projects") != request.scope.account:
        message = f"permission denied on '{ring}': the provider works for '{request.scope.account}'"
        yield refusal("forbidden", message, ("keyRing",))


TYPES = (
    TypeModel(
        token=tokens.KEY_RING,
        api=ApiModel(
            source="discovery",
            service="cloudkms.v1",
            shape="KeyRing",
            rename={"project": "", "location": ""},
            constants={},
        ),
        identify=ring_id,
        outputs=ring_outputs,
        immutable=dict.fromkeys(("name", "location", "project"), f"{FORCE_NEW}; {KEEPS}"),
        laws=(NAME, given("name"), own_project, ring_location, api_on("cloudkms")),
        unique=("name",),
        unique_in="parent:location",
        outlives_delete=True,
    ),
    TypeModel(
        token=tokens.CRYPTO_KEY,
        api=ApiModel(
            source="discovery",
            service="cloudkms.v1",
            shape="CryptoKey",
            rename={"keyRing": "", "deletionPolicy": "", "skipInitialVersionCreation": ""},
            constants={},
        ),
        identify=key_id,
        outputs=key_outputs,
        immutable=dict.fromkeys(
            ("name", "keyRing", "purpose", "importOnly", "destroyScheduledDuration", "cryptoKeyBackend"),
            f"{FORCE_NEW}; {KEEPS}",
        ),
        laws=(
            NAME,
            given("name"),
            labels("labels"),
            rotation,
            ring_is_a_full_name,
            refers("keyRing", tokens.KEY_RING, lambda _, v: relative(v)),
            deletable,
        ),
        normalize=normal({"purpose": "ENCRYPT_DECRYPT"}),
        unique=("name",),
        unique_in="parent:keyRing",
        outlives_delete=True,
    ),
)
