"""Everything that exists in the sandbox, in one SQLite file that survives a kill at any point.

Owns      the tables, the one writer at a time, and the log of calls. A refused create leaves no row: it rolls back.
Refuses   to know a cloud: what may be written is decided by sandbox/judge.py before it is.
Identity  (type, account, region, provider id). The URN says whose stack made it last, and nothing more.
"""

import contextlib
import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sandbox.contract import Record, Scope
from sandbox.wire import Path as SecretPath

FILE = "sandbox.sqlite"
LOG_KEEPS = 200_000

_SCHEMA = """
CREATE TABLE IF NOT EXISTS resources (
  number INTEGER PRIMARY KEY AUTOINCREMENT, urn TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL,
  cloud TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL,
  inputs TEXT NOT NULL, outputs TEXT NOT NULL, secrets TEXT NOT NULL,
  version INTEGER NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL,
  UNIQUE (type, account, region, id));
CREATE INDEX IF NOT EXISTS resources_by_urn ON resources (urn);
CREATE TABLE IF NOT EXISTS strings (
  value TEXT NOT NULL, side TEXT NOT NULL, place TEXT NOT NULL,
  number INTEGER NOT NULL REFERENCES resources (number) ON DELETE CASCADE);
CREATE INDEX IF NOT EXISTS strings_by_value ON strings (value, side);
CREATE INDEX IF NOT EXISTS strings_by_number ON strings (number);
CREATE TABLE IF NOT EXISTS sequences (name TEXT PRIMARY KEY, last INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS faults (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, type TEXT NOT NULL, method TEXT NOT NULL,
  remaining INTEGER, probability REAL NOT NULL, seed INTEGER NOT NULL, drawn INTEGER NOT NULL DEFAULT 0,
  fired INTEGER NOT NULL DEFAULT 0, parameters TEXT NOT NULL, created TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS log (
  number INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL, provider TEXT NOT NULL, method TEXT NOT NULL,
  urn TEXT NOT NULL, result TEXT NOT NULL, detail TEXT NOT NULL, milliseconds REAL NOT NULL);
"""

_INSERT_LOG = "INSERT INTO log (time, provider, method, urn, result, detail, milliseconds) VALUES (?, ?, ?, ?, ?, ?, ?)"

_INDEXED_LENGTH = 512
"""Longer strings (certificates, policies) are not looked up by value: nothing refers to another thing by them."""


@dataclass(frozen=True)
class Row:
    """A record as it stands in the file, with what the contract's `Record` does not say."""

    number: int
    record: Record
    secrets: frozenset[SecretPath]
    created: str
    updated: str


def now() -> str:
    """The time, as the tables hold it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def strings(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every string inside, with its dotted place."""
    if isinstance(value, str):
        if 0 < len(value) <= _INDEXED_LENGTH:
            yield value, place
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from strings(item, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings(item, f"{place}[]")


class Store:
    """The file. Each thread has its own connection; effects go one at a time."""

    def __init__(self, state_dir: Path) -> None:
        self.path = state_dir / FILE
        state_dir.mkdir(parents=True, exist_ok=True)
        self._local = threading.local()
        self._writing = threading.RLock()
        self._log: list[tuple[str, str, str, str, str, str, float]] = []
        self._rows: dict[int, tuple[int, Row]] = {}
        self.connection().executescript(_SCHEMA)
        self.connection().execute("DELETE FROM log WHERE number < (SELECT max(number) FROM log) - ?", (LOG_KEEPS,))

    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self.path, isolation_level=None, timeout=30)
            connection.execute("PRAGMA journal_mode = WAL")
            # The default of WAL would lose the last commits of a machine that dies; a cloud never forgets.
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._local.connection = connection
        return connection

    @contextlib.contextmanager
    def effect(self) -> Iterator[sqlite3.Connection]:
        """A change: all of it is in the file when this ends, or none of it where it raises."""
        with self._writing:
            connection = self.connection()
            connection.execute("BEGIN IMMEDIATE")
            waiting, self._log = self._log, []
            try:
                yield connection
                connection.executemany(_INSERT_LOG, waiting)
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                self._log = waiting + self._log
                raise

    def row(self, number: int, version: int) -> Row:
        """A row by number, decoded once per version."""
        cached = self._rows.get(number)
        if cached is None or cached[0] != version:
            found = self.connection().execute("SELECT * FROM resources WHERE number = ?", (number,)).fetchone()
            cached = (version, _row(found))
            self._rows[number] = cached
        return cached[1]

    def rows(self, where: str, parameters: tuple[Any, ...] = ()) -> list[Row]:
        """Rows in the order in which they came to exist."""
        query = f"SELECT number, version FROM resources WHERE {where} ORDER BY number"  # noqa: S608 - our own text
        found = self.connection().execute(query, parameters).fetchall()
        return [self.row(number, version) for number, version in found]

    def find(self, type: str, id: str, scope: Scope | None = None) -> Row | None:
        """A resource by provider id; of several accounts' or regions', the one of the scope first."""
        found = self.rows("type = ? AND id = ?", (type, id))
        if scope is not None:
            found = [row for row in found if row.record.scope.account == scope.account]
            found.sort(key=lambda row: row.record.scope.region != scope.region)
        return found[0] if found else None

    def insert(self, connection: sqlite3.Connection, record: Record, secrets: frozenset[SecretPath]) -> None:
        """Write a new resource (inside `effect`)."""
        scope, time_ = record.scope, now()
        place = (record.urn, record.type, record.id, scope.cloud, scope.account, scope.region)
        cursor = connection.execute(
            "INSERT INTO resources (urn, type, id, cloud, account, region, inputs, outputs, secrets, version,"
            " created, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
            (*place, json.dumps(record.inputs), json.dumps(record.outputs), _paths(secrets), time_, time_),
        )
        _index(connection, int(cursor.lastrowid or 0), record)

    def replace(
        self, connection: sqlite3.Connection, number: int, record: Record, secrets: frozenset[SecretPath]
    ) -> None:
        """Write a resource's new state (inside `effect`)."""
        connection.execute(
            "UPDATE resources SET urn = ?, inputs = ?, outputs = ?, secrets = ?, version = version + 1, updated = ?"
            " WHERE number = ?",
            (record.urn, json.dumps(record.inputs), json.dumps(record.outputs), _paths(secrets), now(), number),
        )
        connection.execute("DELETE FROM strings WHERE number = ?", (number,))
        _index(connection, number, record)

    @staticmethod
    def delete(connection: sqlite3.Connection, number: int) -> None:
        """Remove a resource (inside `effect`)."""
        connection.execute("DELETE FROM resources WHERE number = ?", (number,))

    def sequence(self, name: str, *, keep: bool) -> int:
        """The next number of a sequence; only an effect keeps it, a preview looks."""
        row = self.connection().execute("SELECT last FROM sequences WHERE name = ?", (name,)).fetchone()
        following = (int(row[0]) if row else 0) + 1
        if keep:
            self.connection().execute(
                "INSERT INTO sequences VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET last = excluded.last",
                (name, following),
            )
        return following

    def log(self, provider: str, method: str, urn: str, *, result: str, detail: str, started: float) -> None:
        """Remember a call. It is written with the next effect, or by `flush`: reading never waits for a disk."""
        entry = (now(), provider, method, urn, result, detail, round((time.perf_counter() - started) * 1000, 2))
        self._log.append(entry)

    def flush(self) -> None:
        """Write the calls that wait."""
        if self._log:
            with self.effect():
                pass


def _index(connection: sqlite3.Connection, number: int, record: Record) -> None:
    entries = [(value, "input", place, number) for value, place in strings(record.inputs)]
    entries += [(value, "output", name, number) for name, value in record.outputs.items() if isinstance(value, str)]
    connection.executemany("INSERT INTO strings VALUES (?, ?, ?, ?)", entries)


def _paths(secrets: frozenset[SecretPath]) -> str:
    return json.dumps(sorted(secrets))


def _row(found: tuple[Any, ...]) -> Row:
    number, urn, type_, id_, cloud, account, region, inputs, outputs, secrets, _version, created, updated = found
    record = Record(urn, type_, id_, Scope(cloud, account, region), json.loads(inputs), json.loads(outputs))
    return Row(number, record, frozenset(tuple(path) for path in json.loads(secrets)), created, updated)
