"""What a cluster file may say about its Connect workers.

Owns      the shape of `services.connect`: version, size, plugins, worker configuration, the way out.
Refuses   connectors: they are the apps', each with its own user and its own secrets (`components/apps`).
Identity  the workers' group and topics follow from the cluster's name; `plugins` decides which image runs.
"""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from components.model import Cidr, Items, Scalar, Spec, Version
from components.services.images import PATTERN as IMAGE
from components.services.workload import Autoscaling

SecretName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([-a-z0-9.]{0,250}[a-z0-9])?$")]
"""Name of a Secret in the cluster's namespace, put there by whoever owns it."""

LoggerName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.$]{0,200}$")]

Level = Literal["OFF", "FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE"]


class Artifact(Spec):
    """One file of a plugin, or one Maven artifact with what it depends on."""

    type: Literal["jar", "tgz", "zip", "other", "maven"] = Field(
        description="What `url` leads to: `tgz` and `zip` are unpacked, `jar` and `other` are stored as they are. "
        "`maven` is found by coordinates instead, and brings its dependencies."
    )
    url: str | None = Field(
        default=None,
        pattern=r"^https://[-a-zA-Z0-9+&@#/%?=~_|!:,.;]*[-a-zA-Z0-9+&@#/%=~_|]$",
        description="Where the build downloads it from, by https. Not for `maven`.",
    )
    sha512sum: str | None = Field(
        default=None,
        pattern=r"^[0-9a-f]{128}$",
        description="SHA-512 of what `url` must deliver: a changed file ends the build. Not for `maven`.",
    )
    file_name: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,200}$",
        description="Name under which the file is stored; by default one made from the URL.",
    )
    group: str | None = Field(
        default=None, pattern=r"^[A-Za-z0-9_.-]+$", description="Maven group, e.g. `org.apache.camel.kafkaconnector`."
    )
    artifact: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_.-]+$", description="Maven artifact.")
    version: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9_.+-]+$",
        description="Maven version: one release, not a snapshot, which is another file tomorrow.",
    )
    repository: str | None = Field(
        default=None,
        pattern=r"^https://[-a-zA-Z0-9+&@#/%?=~_|!:,.;]+$",
        description="Maven repository; by default Maven Central.",
    )


class Plugin(Spec):
    """One plugin: a folder of its own in the image, so that its libraries meet no other plugin's."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][-_a-z0-9]{0,60}[a-z0-9]$")] = Field(
        description="Name of the folder, unique among the plugins."
    )
    artifacts: Annotated[Items[Artifact], Field(min_length=1)] = Field(description="What the folder holds.")


class Build(Spec):
    """An image that the operator builds in the cluster's namespace, each time this changes, and then rolls out."""

    image: str = Field(
        pattern=IMAGE,
        description="Where the built image is pushed to and pulled from, with registry and tag. The pods run the "
        "digest that was built.",
    )
    push_secret: SecretName | None = Field(
        default=None,
        description="Secret of type kubernetes.io/dockerconfigjson, delivered into the namespace, that may push "
        "the image.",
    )
    memory_mib: int = Field(
        default=2048,
        ge=512,
        le=16384,
        description="Memory of the pod that builds, in MiB. It runs only while building.",
    )
    plugins: Annotated[Items[Plugin], Field(min_length=1)] = Field(description="What the image adds to Kafka's own.")


class Plugins(Spec):
    """Where connector plugins come from: a given image, a build, or neither. Replaced whole when files are merged."""

    model_config = ConfigDict(json_schema_extra={"x-merge": "replace"})

    image: str | None = Field(
        default=None,
        pattern=IMAGE,
        description="Image with the plugins, made from the operator's Kafka image of the same version, with registry "
        "and tag or digest. Pulled through the cell's mirror where it has one.",
    )
    contains: Items[Annotated[str, StringConstraints(pattern=r"^[a-z0-9][-_a-z0-9]{0,60}[a-z0-9]$")]] = Field(
        default=(), description="With `image`: names of the plugins in it, for those who read `fleet render`."
    )
    build: Build | None = Field(
        default=None,
        description="Plugins that the operator builds into an image. The build runs as root, so the cluster's "
        "namespace must allow `baseline` pods.",
    )
    pull_secret: SecretName | None = Field(
        default=None, description="Secret of type kubernetes.io/dockerconfigjson that may pull the image."
    )

    @model_validator(mode="after")
    def _one_at_most(self) -> "Plugins":
        if self.image is not None and self.build is not None:
            raise PydanticCustomError(
                "one-source-of-plugins",
                "plugins has both `image` and `build`: state one, or leave both out for Kafka's own connectors",
            )
        return self


class Egress(Spec):
    """A way out of the namespace for connectors."""

    cidr: Cidr = Field(description="Addresses that connectors may reach.")
    ports: Annotated[Items[Annotated[int, Field(ge=1, le=65535)]], Field(min_length=1)] = Field(
        description="TCP ports there."
    )


class ConnectSpec(Spec):
    """The Connect workers of one cluster. Their connectors are in the apps' files."""

    version: Version | None = Field(
        default=None,
        description="Kafka version of the workers. By default the cluster's Kafka's; raising it rolls the workers, one "
        "by one.",
    )
    replicas: int = Field(default=2, ge=1, le=50, description="Workers; with `autoscaling` the least.")
    autoscaling: Autoscaling | None = Field(
        default=None,
        description="Adds workers by their CPU. Each worker that comes or goes moves tasks, so it takes away slowly.",
    )
    cpu: float = Field(default=1, ge=0.1, le=32, description="CPUs that one worker requests. No limit.")
    memory_mib: int = Field(
        default=2048, ge=768, le=131072, description="Memory of one worker in MiB, requested and the limit."
    )
    heap_mib: int | None = Field(
        default=None, ge=256, description="Heap of one worker in MiB. By default three quarters of the memory."
    )
    plugins: Plugins = Field(
        default=Plugins(), description="Connector plugins. By default none but those that Kafka itself brings."
    )
    config: dict[str, Scalar] = Field(
        default={},
        description="Worker configuration by Kafka's own keys. Keys that the operator owns are refused; so are keys "
        "and values that Kafka does not know.",
    )
    egress: Items[Egress] = Field(
        default=(), description="Where connectors may connect to outside of the namespace. By default nowhere."
    )
    log_levels: dict[LoggerName, Level] = Field(
        default={}, description="Log levels by logger; `root` is for all others and is INFO by default."
    )

    @property
    def pod_security(self) -> str:
        """The pod security standard that the namespace must not exceed: a build runs as root."""
        return "restricted" if self.plugins.build is None else "baseline"

    @property
    def plugin_names(self) -> tuple[str, ...]:
        """Plugins beyond Kafka's own, as far as the file names them."""
        built = self.plugins.build.plugins if self.plugins.build else ()
        return tuple(sorted({*self.plugins.contains, *(plugin.name for plugin in built)}))
