"""The laws of plugins: pinned, checked, told apart.

Owns      images without a version, builds that can't push, artifacts that nothing verifies, two plugins of one name.
Refuses   a look at what is inside: an image or a jar is opened by nobody here.
"""

from collections.abc import Iterator

from components.finding import Finding
from components.services.connect.spec import Artifact, Build, ConnectSpec
from components.services.images import pinned

_COORDINATES = ("group", "artifact", "version")

Path = tuple[str | int, ...]


def _pinned(image: str, path: Path) -> Iterator[Finding]:
    if not pinned(image):
        yield Finding(
            "image-not-pinned",
            path,
            f"'{image}' is another image tomorrow: workers that restart would run what nobody reviewed",
            hint="write a tag other than latest, or a digest",
        )


def _maven(artifact: Artifact, at: Path) -> Iterator[Finding]:
    missing = [name for name in _COORDINATES if getattr(artifact, name) is None]
    if missing:
        yield Finding(
            "artifact-incomplete",
            at,
            f"a maven artifact lacks {', '.join(missing)}",
            hint=f"state {', '.join(missing)}",
        )
    for name in ("url", "sha512sum", "file_name"):
        if getattr(artifact, name) is not None:
            yield Finding(
                "artifact-field-ignored",
                (*at, name),
                f"'{name}' means nothing for a maven artifact: its repository has it",
                hint="remove it, or take type jar with `url` and `sha512sum`",
            )
    version = artifact.version or ""
    if version.upper().endswith("SNAPSHOT") or version.upper() in ("LATEST", "RELEASE"):
        yield Finding(
            "artifact-not-pinned",
            (*at, "version"),
            f"'{version}' is another file tomorrow: the same build would give another image",
            hint="state a released version",
        )


def _download(artifact: Artifact, at: Path) -> Iterator[Finding]:
    if artifact.url is None:
        yield Finding("artifact-incomplete", at, f"a {artifact.type} artifact lacks url", hint="state url")
    if artifact.sha512sum is None:
        yield Finding(
            "artifact-without-checksum",
            at,
            f"{artifact.url or 'the artifact'} has no checksum: who changes the file there runs code in the workers",
            hint="state sha512sum, e.g. from `curl -L <url> | sha512sum`",
        )
    for name in (*_COORDINATES, "repository"):
        if getattr(artifact, name) is not None:
            yield Finding(
                "artifact-field-ignored",
                (*at, name),
                f"'{name}' means nothing for a {artifact.type} artifact: it is found by its url",
                hint="remove it, or take type maven",
            )


def _build(build: Build) -> Iterator[Finding]:
    at: Path = ("plugins", "build")
    yield from _pinned(build.image, (*at, "image"))
    if build.push_secret is None:
        yield Finding(
            "build-without-push-secret",
            at,
            f"the built image cannot be pushed to '{build.image.partition('/')[0]}' without credentials",
            hint="state push_secret: a kubernetes.io/dockerconfigjson Secret, delivered into the namespace",
        )
    seen: dict[str, int] = {}
    for index, plugin in enumerate(build.plugins):
        where = (*at, "plugins", index)
        if plugin.name in seen:
            yield Finding(
                "plugin-twice",
                (*where, "name"),
                f"'{plugin.name}' is already the name of plugin {seen[plugin.name] + 1}: one folder would hold both",
                hint="give it a name of its own, or put its artifacts there",
            )
        seen.setdefault(plugin.name, index)
        for number, artifact in enumerate(plugin.artifacts):
            spot = (*where, "artifacts", number)
            yield from (_maven if artifact.type == "maven" else _download)(artifact, spot)


def check(spec: ConnectSpec) -> Iterator[Finding]:
    """Every law of plugins that the section breaks."""
    plugins = spec.plugins
    if plugins.image is not None:
        yield from _pinned(plugins.image, ("plugins", "image"))
    elif plugins.contains:
        yield Finding(
            "contains-without-image",
            ("plugins", "contains"),
            "`contains` says what is in a given image, and none is given",
            hint="remove it: a build says what it has by its plugins",
        )
    if plugins.build is not None:
        yield from _build(plugins.build)
