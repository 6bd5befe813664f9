"""Opening fleet files.

Owns      the only place that opens a fleet file, and the order in which its text is judged.
Refuses   links and anything that is not a regular file: what was reviewed in Git must be what is read.
"""

import errno
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from stacks.problem import Problem
from stacks.read import characters, exact, fast, tabs, witness
from stacks.read.document import Document

Result = Document | tuple[Problem, ...]

_POINTER = b"version https://git-lfs.github.com/spec/"


def read(root: Path, file: str) -> Result:
    """The fleet file `file` (relative to `root`, with `/`), or everything that is wrong with its text."""
    raw = _open(root, file)
    return read_text(file, raw) if isinstance(raw, bytes) else (raw,)


def read_text(file: str, text: bytes) -> Result:
    """The same for bytes that come from somewhere else, such as Git."""
    if text.startswith(_POINTER):
        return (_pointer(file),)
    decoded = characters.decode(file, text)
    if isinstance(decoded, Problem):
        return (decoded,)
    data = fast.parse(decoded)
    if data is not None:
        return Document(file, decoded, data)
    return read_exactly(file, decoded)


def read_exactly(file: str, text: str) -> Result:
    """The reading that knows every rule and position; on good text it gives what the fast path gives."""
    if not text.startswith("\ufeff"):
        return _exactly(file, text)
    rest = _exactly(file, text[1:])
    moved = [] if isinstance(rest, Document) else [replace(p, column=p.column + (p.line == 1)) for p in rest]
    return (characters.bom(file), *moved)


def _exactly(file: str, text: str) -> Result:
    mended, problems = characters.inspect(file, text)
    mended, tabbed, indents = tabs.inspect(file, mended)
    problems += tabbed
    if not indents:
        # After a tab in the indentation nobody knows what belongs to what.
        data, found = exact.parse(file, mended)
        problems += found
        if not problems:
            problems += witness.disagreement(file, mended, data)
        if not problems:
            return Document(file, text, data)
    return tuple(sorted(set(problems)))


def source(root: Path) -> Callable[[str], str | None]:
    """From a file's name to its text, good or bad, to show lines of it under a problem."""

    def text(file: str) -> str | None:
        result = _open(root, file)
        return result.decode(errors="replace") if isinstance(result, bytes) else None

    return text


def symlink(file: str) -> Problem:
    """A link in place of a file or folder."""
    return Problem(
        file, 1, 1, "symlink", "it is, or lies behind, a symbolic link", "a regular file", "put the file itself there"
    )


def not_a_file(file: str) -> Problem:
    """A folder, socket, pipe or device in place of a file."""
    return Problem(file, 1, 1, "not-a-file", "it is not a regular file", "a regular file", "remove it")


def _pointer(file: str) -> Problem:
    message = "it is a pointer of Git LFS, and the file itself is elsewhere"
    return Problem(
        file,
        1,
        1,
        "lfs-pointer",
        message,
        "the file itself",
        "take fleet/ out of .gitattributes and add the file again",
    )


def _open(root: Path, file: str) -> bytes | Problem:
    base = os.fspath(root)
    parts = file.split("/")
    if file.startswith("/") or ".." in parts or "" in parts or not _encodable(file):
        return _unreadable(file, "no-such-file", f"'{file}' is no path inside the repository")
    try:
        for depth in range(1, len(parts)):
            if stat.S_ISLNK(os.lstat(f"{base}/{'/'.join(parts[:depth])}").st_mode):
                return symlink(file)
        raw = _bytes(f"{base}/{file}")
    except OSError as error:
        return _os_error(file, error)
    return not_a_file(file) if raw is None else raw


def _encodable(file: str) -> bool:
    try:
        return b"\0" not in os.fsencode(file)
    except UnicodeEncodeError:
        return False


def _bytes(path: str) -> bytes | None:
    # Without NONBLOCK, opening a named pipe would wait for a writer for ever.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        return os.read(descriptor, characters.LARGEST + 1)
    finally:
        os.close(descriptor)


def _os_error(file: str, error: OSError) -> Problem:
    if error.errno == errno.ELOOP:  # what O_NOFOLLOW says of a link
        return symlink(file)
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return _unreadable(file, "no-such-file", "there is no such file")
    return _unreadable(file, "unreadable", f"it cannot be read: {(error.strerror or 'unknown reason').lower()}")


def _unreadable(file: str, code: str, message: str) -> Problem:
    return Problem(file, 1, 1, code, message, "", "check the path and its permissions")
