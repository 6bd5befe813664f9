"""`fleet connect`: the addresses of a cluster, and client properties that work for one app's credential.

Owns      whether a broker on this machine is meant, and files that nobody else reads.
Refuses   to print a secret, or to let one stand on a command line: their files' paths are what is printed.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stacks.cli.exit import Exit
from stacks.cli.output import Output
from stacks.cli.root import load, root, stop
from stacks.cli.sandbox import state_dir
from stacks.connect.properties import Client
from stacks.connect.target import Side

if TYPE_CHECKING:
    from stacks.connect.target import Target


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(connect)


def connect(
    cluster: Annotated[str, typer.Argument(help="A cluster of the fleet.")],
    app: Annotated[str, typer.Option("--app", help="An app on it. Without: the addresses of every listener.")] = "",
    user: Annotated[str | None, typer.Option("--user", help="Key of the app's user; needed if it has several.")] = None,
    client: Annotated[Client, typer.Option("--client", help="Who reads the properties.")] = Client.java,
    side: Annotated[
        Side | None,
        typer.Option("--from", help="Where the client stands. By default in the sandbox, else in the cell if it can."),
    ] = None,
    output: Annotated[Output, typer.Option("--output", help="text or json.")] = Output.text,
) -> None:
    """Hand over what a client needs to connect to CLUSTER as an app; without an app, tell every address of it.

    With a real Kafka in the sandbox: files for that broker, in a private folder whose path is printed. Otherwise, and
    with --from: properties for the declared cluster, and the names of the Secrets that they need.
    """
    from stacks.connect import addresses, properties
    from stacks.connect.target import ConnectError, target

    fleet = load(root())
    if user and not app:
        stop("--user is a user of an app", "name it with --app", Exit.USAGE)
    try:
        if not app:
            found = addresses.access(fleet, cluster)
            as_json = json.dumps(addresses.data(found), indent=2) + "\n"
            sys.stdout.write(as_json if output is Output.json else addresses.text(found))
            return
        meant = target(fleet, cluster, app, user, side)
    except ConnectError as error:
        stop(str(error), error.hint, Exit.USAGE)
    told: dict[str, Any] = {"cluster": cluster, "app": app, "user": meant.user, "client": client.value}
    bootstrap, registry = ("", "") if side else _here(meant)
    if bootstrap:
        folder, path = _hand_over(meant, client, bootstrap, registry)
        told |= {"where": "sandbox", "bootstrap": bootstrap, "folder": str(folder), "properties": str(path)}
        told |= {"schema_registry": registry} if registry else {}
        text = _said(meant, client, bootstrap, path, registry)
    else:
        text = properties.declared(meant, client)
        secrets = {"credentials": meant.user, "ca": meant.ca_secret}
        where = "cell" if meant.way.type == "internal" else "outside"
        told |= {"where": where, "bootstrap": meant.way.bootstrap, "namespace": meant.namespace, "secrets": secrets}
        told["properties"] = text
    sys.stdout.write(json.dumps(told, indent=2) + "\n" if output is Output.json else text)


def _here(meant: "Target") -> tuple[str, str]:
    """Addresses of the cluster's broker, once it knows the credential, and registry here; empty where it has none."""
    from sandbox.control import SandboxError
    from sandbox.kafka import control

    folder = state_dir()
    if not control.process(folder) or not control.wanted(folder, meant.cluster):
        return "", ""
    try:
        said = control.wait(folder, [meant.cluster])[meant.cluster]
    except SandboxError as error:
        stop(str(error))
    known = {one["name"]: one for one in said["objects"] if one["kind"] == "KafkaUser"}
    if meant.user not in known:
        stop(f"'{meant.user}' is not on the cluster yet", f"`fleet up app.{meant.cluster}.{meant.app}`")
    if not known[meant.user]["ready"]:
        stop(f"'{meant.user}' is not ready: {known[meant.user]['message']}")
    ways = [one for one in said["listeners"] if one["authentication"] == meant.authentication]
    ways.sort(key=lambda one: one["name"] != meant.way.name)
    if not ways:
        stop(f"the broker on this machine has no listener that takes {meant.authentication}")
    registries = said.get("registries", {})  # a process of an older version says nothing of them
    return str(ways[0]["bootstrap"]), str(registries[min(registries)]) if registries else ""


def _hand_over(meant: "Target", client: Client, bootstrap: str, registry: str) -> tuple[Path, Path]:
    """Write the files, each readable by its owner alone; the folder and the file that the client is given."""
    from sandbox.kafka import control
    from sandbox.kafka.place import private, write_secret
    from stacks.connect.properties import local

    private(root() / ".fleet" / "connect")
    folder = root() / ".fleet" / "connect" / meant.cluster / meant.user
    shutil.rmtree(folder, ignore_errors=True)
    private(folder.parent)
    private(folder)
    password = ""
    if meant.authentication == "scram-sha-512":
        password = (control.secret(state_dir(), meant.cluster, meant.user) / "password").read_text("utf-8")
    made = local(meant, client, bootstrap, str(folder), password, registry)
    for name, (secret, key) in made.copies.items():
        write_secret(folder / name, (control.secret(state_dir(), meant.cluster, secret) / key).read_bytes())
    if "user.key" in made.copies and client is Client.java:
        write_secret(folder / "user.pem", (folder / "user.key").read_bytes() + (folder / "user.crt").read_bytes())
    for name, text in made.files.items():
        write_secret(folder / name, text)
    return folder, folder / made.main


def _said(meant: "Target", client: Client, bootstrap: str, path: Path, registry: str) -> str:
    use = {
        Client.java: f"kafka-console-consumer.sh --consumer.config {path} …",
        Client.librdkafka: f"lines of key=value for confluent_kafka's Producer, Consumer and AdminClient: {path}",
        Client.kcat: f"kcat -F {path} …",
    }[client]
    return (
        f"{meant.user} on {meant.cluster}: a real Kafka on this machine, {bootstrap} ({meant.authentication})\n"
        f"properties, with the secret inside, readable by you alone: {path}\n"
        f"use: {use}\n"
    ) + (f"its schema registry on this machine: {registry}\n" if registry else "")
