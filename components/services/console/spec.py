"""What a cluster file may say about its console.

Owns      the shape of `services.console`: version, what it may do, who logs in and how, and what each of them sees.
Refuses   addresses of other services (they publish them), and passwords: Secrets are named.
Identity  nothing: a console keeps no state, and may be removed and made again.
"""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from components.model import Cidr, Items, Spec
from components.services.images import PATTERN
from components.services.licences import Licence

SecretName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$")]
"""Name of a Secret in the cluster's namespace."""

TopicPattern = Annotated[str, StringConstraints(pattern=r"^(\*|[A-Za-z0-9._-]{1,200})$")]
"""The beginning of topic names, or `*` for all topics."""

Resource = Literal["clusterconfig", "topic", "consumer", "schema", "connect", "ksql", "acl"]


class SecretKey(Spec):
    """A value in a Secret of the cluster's namespace."""

    secret: SecretName = Field(description="The Secret.")
    key: str = Field(min_length=1, description="The key in it.")


class OAuth2(Spec):
    """Login by an identity provider that speaks OpenID Connect, or by GitHub."""

    provider: Literal["oauth", "google", "github", "cognito"] = Field(
        default="oauth", description="Whose dialect: `oauth` for all others, for example Okta, Keycloak, Entra ID."
    )
    client_id: str = Field(min_length=1, description="The console's name at the provider.")
    client_secret: SecretKey = Field(description="Where the console's password at the provider is.")
    issuer: Annotated[str, StringConstraints(pattern=r"^https://\S+$")] | None = Field(
        default=None,
        description="Address of the provider, below which `.well-known/openid-configuration` is. Those of "
        "Google and GitHub are known.",
    )
    scopes: Annotated[Items[str], Field(min_length=1)] = Field(
        default=("openid",),
        description="What is asked of the provider; often `groups` too, so that roles can use them.",
    )
    user_name: str = Field(default="sub", min_length=1, description="The claim that holds the user's name.")
    roles_claim: str | None = Field(
        default=None, description="The claim that holds groups or roles. Needed where roles name them (`oauth` only)."
    )
    redirect_uri: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] | None = Field(
        default=None, description="Where the provider sends people back. By default the address that they came by."
    )


class Ldap(Spec):
    """Login by a directory."""

    url: Annotated[str, StringConstraints(pattern=r"^ldaps?://\S+$")] = Field(description="Address of the directory.")
    search_base: str = Field(default="", description="Where users are looked for.")
    search_filter: str = Field(default="(uid={0})", description="How; `{0}` is the name that was typed.")
    group_search_base: str | None = Field(
        default=None, description="Where groups are looked for. Needed where roles name groups."
    )
    bind_user: str | None = Field(default=None, description="Whom the console searches as.")
    bind_password: SecretKey | None = Field(default=None, description="Where that user's password is.")
    active_directory_domain: str | None = Field(
        default=None, description="The domain, where the directory is an Active Directory."
    )


class Auth(Spec):
    """Who may log in. Replaced whole when files are merged."""

    model_config = ConfigDict(json_schema_extra={"x-merge": "replace"})

    type: Literal["oauth2", "ldap", "none"] = Field(
        description="How people prove who they are. `none` lets everybody in who reaches it; not in production."
    )
    oauth2: OAuth2 | None = Field(default=None, description="With type `oauth2`.")
    ldap: Ldap | None = Field(default=None, description="With type `ldap`.")
    cidrs: Items[Cidr] = Field(
        default=(), description="Address ranges of the provider or directory: the console may connect to no others."
    )
    ca_secret: SecretName | None = Field(
        default=None,
        description="Secret whose key `ca.crt` signed the provider's certificate. Trusted beside the public ones.",
    )


class Subject(Spec):
    """Somebody, as the login knows them."""

    type: Literal["user", "role", "group", "domain", "organization", "team"] = Field(
        description="What `value` names. Which of them exist depends on the login."
    )
    value: str = Field(min_length=1, description="The name.")


class Permission(Spec):
    """What a role may do with one kind of thing."""

    resource: Resource = Field(description="The kind of thing.")
    value: str | None = Field(
        default=None, description="Regular expression of names. Not for `clusterconfig`, `ksql` and `acl`."
    )
    actions: Annotated[Items[str], Field(min_length=1)] = Field(
        description="What is allowed, in Kafbat's words, for example `view`, `messages_read`, `reset_offsets`."
    )


class Role(Spec):
    """People and what they may do. Without any role everybody who logs in may do all that the console can."""

    name: str = Field(min_length=1, description="For people and logs.")
    subjects: Annotated[Items[Subject], Field(min_length=1)] = Field(description="Who has the role.")
    permissions: Annotated[Items[Permission], Field(min_length=1)] = Field(description="What they may do.")


class Mask(Spec):
    """Fields of messages that nobody sees."""

    topics: str = Field(min_length=1, description="Regular expression of topic names.")
    fields: Annotated[Items[str], Field(min_length=1)] = Field(description="Names of fields, at any depth.")
    how: Literal["remove", "mask", "replace"] = Field(
        default="mask", description="Whether the field is taken out, its characters replaced, or its value by one word."
    )


class Login(Spec):
    """How the console logs in to another service of the cluster that asks for a password."""

    user: str = Field(min_length=1, description="The name.")
    password: SecretKey = Field(description="Where the password is.")


class ConsoleSpec(Spec):
    """`services.console` of a cluster file."""

    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")] = Field(
        description="Release of Kafbat UI, e.g. 1.5.0. Another one rolls the pods."
    )
    image: Annotated[str, StringConstraints(pattern=PATTERN)] | None = Field(
        default=None, description="Image with registry and tag. By default Kafbat's own of `version`."
    )
    licence: Licence | None = Field(
        default=None, description="The licence under which Kafbat UI is run, stated by who has read it: apache-2.0."
    )
    replicas: int = Field(default=2, ge=1, le=10, description="Pods. Each client stays with one of them.")
    cpu: float = Field(default=0.25, ge=0.1, le=8, description="CPUs that one pod asks for. There is no limit.")
    memory_mib: int = Field(
        default=1024, ge=512, le=32_768, description="Memory of one pod in MiB; 60 % of it are Java's heap."
    )
    mode: Literal["read-only", "operate"] = Field(
        default="read-only",
        description="`read-only` shows. `operate` may also reset and delete consumer groups, produce to `produces`, "
        "and change what the schema registry, Connect and ksqlDB let it. Topics and users are never changed here: they "
        "are declared, and the operator would change them back.",
    )
    reads: Items[TopicPattern] = Field(
        default=(),
        description="Topics whose messages can be shown, by the beginning of their names; `*` for all. By default "
        "none: the console then shows topics, sizes, settings and lag, but no data.",
    )
    produces: Items[TopicPattern] = Field(
        default=(),
        description="Topics that mode `operate` can produce to, by the beginning of their names; `*` for all.",
    )
    auth: Auth = Field(description="Who may log in.")
    roles: Items[Role] = Field(default=(), description="What people may do and see, by who they are.")
    masks: Items[Mask] = Field(default=(), description="Fields of messages that are hidden from everybody.")
    logins: dict[Literal["schema_registry", "connect", "ksqldb"], Login] = Field(
        default={}, description="Names and passwords for services of this cluster that ask for them."
    )
    tls_secret: SecretName | None = Field(
        default=None,
        description="Secret of type kubernetes.io/tls with the console's certificate. Without it plain HTTP, for an "
        "ingress of the cluster's namespace or a port forwarded by kubectl.",
    )
    open_to: Literal["cluster", "cell"] = Field(
        default="cluster",
        description="Whose pods may connect: those of the cluster's namespace, or all of the cell's (where its ingress "
        "controller is), which needs `tls_secret` and a login.",
    )
