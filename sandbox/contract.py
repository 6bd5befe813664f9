"""What a cloud's laws are made of: the types between the sandbox's server and the folders that know a cloud.

Owns      the request, the refusal, the world that a law may look at, and the model of one resource type.
Refuses   the product: nothing in `sandbox/` imports `components/` or `stacks/`, so that it is a second witness.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Properties = Mapping[str, Any]
"""Resource properties as on the wire: provider spelling (camelCase), plain JSON values, and UNKNOWN in previews."""


class _Unknown:
    def __repr__(self) -> str:
        return "<known after apply>"


UNKNOWN = _Unknown()
"""A value that only exists after an apply. Laws skip it: a preview cannot be refused for what it cannot know."""


@dataclass(frozen=True)
class Scope:
    """Whom a provider instance works for: account, project or subscription (or Kubernetes cluster id), and region."""

    cloud: str
    account: str
    region: str


@dataclass(frozen=True)
class Record:
    """A resource that exists. `id` is the provider id; `outputs` are all properties, inputs included."""

    urn: str
    type: str
    id: str
    scope: Scope
    inputs: Properties
    outputs: Properties


@dataclass(frozen=True)
class Request:
    """What the engine asks. `inputs` are the new ones, already normalised; `old` is what exists (update, delete)."""

    operation: str
    """`check` (preview and apply, inputs may hold UNKNOWN), `create`, `update` or `delete`."""
    urn: str
    type: str
    scope: Scope
    inputs: Properties
    old: Record | None = None


@dataclass(frozen=True)
class Refusal:
    """Why a request is refused, in the vendor's manner.

    judge    `sdk`, `api`, `law` or `crd`; `apiserver` where a real one stands behind the sandbox
    code     the vendor's error code where it has one (`InvalidSubnet.Range`, `DependencyViolation`), else kebab-case
    path     property path (wire names), empty for the resource as a whole
    """

    judge: str
    code: str
    message: str
    path: tuple[str | int, ...] = ()


class World(Protocol):
    """Everything that exists in the sandbox, read-only."""

    def find(self, type: str, id: str, scope: Scope | None = None) -> Record | None:
        """The resource of that type and provider id, in that scope's account (any scope where None)."""

    def all(self, type: str, scope: Scope | None = None) -> Sequence[Record]:
        """All resources of a type, in that scope's account (all accounts where None)."""

    def by_output(self, name: str, value: Any, type: str = "") -> Sequence[Record]:
        """Resources one of whose outputs equals `value` (an ARN, a self link), of one type or of any."""

    def mentions(self, value: str) -> Sequence[Record]:
        """Resources that hold `value` as a whole string anywhere in their inputs: the ones that use it."""

    def sequence(self, name: str) -> int:
        """The next number of a named sequence, kept for ever: what ids are made from."""


Law = Callable[[Request, World], Iterable[Refusal]]


@dataclass(frozen=True)
class ApiModel:
    """Which part of the cloud's own published API model judges a type.

    aws    source `botocore`: service `ec2`, shape = operation name `CreateSubnet` (its input shape judges)
    gcp    source `discovery`: service `compute.v1`, shape = schema id `Subnetwork`
    azure  source `azure-mgmt`: service = module `azure.mgmt.network.models`, shape = model class `Subnet`
    rename  wire property path (dotted, `[]` for list items) -> path in the API's model where they differ;
            an empty string means that the API's model has no such member and another judge must do
    constants  members of the API's model that the provider fills by itself
    """

    source: str
    service: str
    shape: str
    rename: Mapping[str, str]
    constants: Mapping[str, Any]


@dataclass(frozen=True)
class TypeModel:
    """One resource type of a cloud, as far as the sandbox knows it.

    immutable   property paths (wire names, dotted) whose change replaces the resource, each with its source
    normalize   inputs -> inputs as the vendor would return them (case, sorted sets, defaults); must be idempotent
    laws        everything that types cannot say; each sees the request and the world
    identify    provider id of a new resource
    outputs     all outputs of a resource, inputs included, given its id
    in_use_code vendor's error code when it is deleted while another resource mentions its id; empty: allowed
    unique      property paths that together are unique among resources of this type within `unique_in`
    unique_in   `account`, `region`, `cloud` or `parent:<property>`
    secrets     output properties that are secret
    adopts      creating what exists succeeds and takes it over, as the vendor's call does (switching on an API)
    reshaped    inputs that come back as outputs of another shape, or with more in them: unknown in a preview
    outlives_delete  deleting it succeeds and removes nothing: the vendor keeps it (a GCP key ring, an API left on)
    observed    outputs that depend on other resources (a peering's state: is the other half there?), told anew
                whenever the resource is read; None where there are none
    """

    token: str
    api: ApiModel | None
    identify: Callable[[Request, World], str]
    outputs: Callable[[Request, World, str], Properties]
    immutable: Mapping[str, str]
    laws: Sequence[Law] = ()
    normalize: Callable[[Properties], Properties] = lambda inputs: inputs
    in_use_code: str = ""
    unique: Sequence[str] = ()
    unique_in: str = "account"
    secrets: Sequence[str] = ()
    adopts: bool = False
    outlives_delete: bool = False
    reshaped: Sequence[str] = ()
    observed: Callable[[Record, World], Properties] | None = None


@dataclass(frozen=True)
class CloudModel:
    """Entry record of a cloud in the sandbox: `sandbox/clouds/<cloud>/__init__.py` holds one as `MODEL`.

    provider      provider name on the wire: `aws`, `gcp`, `azure-native`, `kubernetes`
    sdk           Python package of the vendor's SDK
    types         token -> model, for every type that the components create
    functions     token of an invoke -> `(arguments, Scope, World) -> result` (e.g. aws:index/getCallerIdentity:…)
    scope         provider configuration (wire names) -> Scope
    check_config  refusals of a provider configuration (missing region, account not allowed, empty kubeconfig)
    model_for     only where the set of types is open (Kubernetes): `(token, inputs) -> TypeModel`, asked for a token
                  that is not in `types`; None means that the type does not exist. A model that comes from here has no
                  class in the SDK, so the `sdk` judge has nothing to say about it (its laws judge: the CRD does);
                  everything else about it (check, diff, ids, uniqueness, outputs) is as for a type in `types`
    """

    provider: str
    sdk: str
    types: Mapping[str, TypeModel]
    functions: Mapping[str, Callable[[Properties, Scope, World], Properties]]
    scope: Callable[[Properties], Scope]
    check_config: Callable[[Properties], Iterable[Refusal]]
    model_for: Callable[[str, Properties], TypeModel | None] | None = None

    def find(self, token: str, inputs: Properties) -> TypeModel | None:
        """The model of a type; None where this cloud has none."""
        model = self.types.get(token)
        return model if model is not None or self.model_for is None else self.model_for(token, inputs)
