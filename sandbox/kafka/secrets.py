"""The secrets of users, as files shaped like the Secrets that Strimzi makes.

Owns      a folder for each user (mode 0700) with `password` and `sasl.jaas.config`, or `ca.crt`, `user.crt` and
          `user.key` (mode 0600); which password the broker was last told.
Refuses   secrets of a user that no object names: its folder goes with it.
"""

import hashlib
import secrets as random
import shutil
from collections.abc import Iterable

from sandbox.kafka.authority import Authority
from sandbox.kafka.declared import Body, at, name_of
from sandbox.kafka.place import Place, private, read_json, write_json, write_secret
from sandbox.kafka.users import authentication

PASSWORD_BYTES = 24


class Secrets:
    """The secrets of one cluster."""

    def __init__(self, place: Place, cluster_ca: Authority, clients_ca: Authority) -> None:
        self._place = place
        self._clients_ca = clients_ca
        self._told = place.folder / "passwords.json"
        trust = private(place.secret(f"{place.cluster}-cluster-ca-cert"))
        write_secret(trust / "ca.crt", cluster_ca.certificate.read_bytes())

    def make(self, bodies: Iterable[Body]) -> dict[str, str]:
        """See that every user's secret is there and no other's; why one could not be made, by name."""
        problems: dict[str, str] = {}
        wanted = {f"{self._place.cluster}-cluster-ca-cert"}
        for body in bodies:
            name = name_of(body)
            wanted.add(name)
            kind = authentication(body)
            if kind == "scram-sha-512":
                if at(body, "spec", "authentication", "password") is not None:
                    problems[name] = "its password stands in a Secret of the cell, and secrets are not on this machine"
                    continue
                self._password(name)
            elif kind == "tls":
                self._clients_ca.issue(self._place.secret(name), name)
                write_secret(self._place.secret(name) / "ca.crt", self._clients_ca.certificate.read_bytes())
        for folder in self._place.secret("").iterdir():
            if folder.is_dir() and folder.name not in wanted:
                shutil.rmtree(folder, ignore_errors=True)
        return problems

    def _password(self, name: str) -> str:
        file = self._place.secret(name) / "password"
        try:
            found = file.read_text("utf-8").strip()
        except OSError:
            found = ""
        if not found:
            found = random.token_urlsafe(PASSWORD_BYTES)
            write_secret(file, found)
            module = "org.apache.kafka.common.security.scram.ScramLoginModule"
            line = f'{module} required username="{name}" password="{found}";'
            write_secret(self._place.secret(name) / "sasl.jaas.config", line)
        return found

    def fresh(self, name: str, known: bool) -> str | None:
        """The password that the broker has yet to be told; None where it knows it."""
        password = self._password(name)
        told = read_json(self._told).get(name)
        return None if known and told == _digest(password) else password

    def tell(self, names: Iterable[str], all_users: Iterable[str]) -> None:
        """Remember that the broker was told the passwords of `names`."""
        told = {name: digest for name, digest in read_json(self._told).items() if name in set(all_users)}
        told.update({name: _digest(self._password(name)) for name in names})
        write_json(self._told, told)


def _digest(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()
