"""Edits of the code, drawn by seed: some change what stacks become, some only look as if they did.

Owns      kinds of edits of the files that make stacks.
Refuses   edits that break the code: those are told, and compared with nothing.
"""

import json
import random
from pathlib import Path

from tools.affected.draw import Edit

_EFFECTS = (
    ("stacks/request.py", '"kafka-fleet/fleet"', '"kafka-fleet/fleet-name"'),
    ("components/services/register.py", "ignore_changes=manifest.ignore", "ignore_changes=[*manifest.ignore]"),
    ("components/services/connect/spec.py", "default=2", "default=3"),
    ("components/apps/objects.py", "def ", "def _unused() -> None: ...\n\n\ndef "),
    ("components/clouds/aws/kubernetes.py", '"Name"', '"name"'),
)
"""Text that is replaced once where it is found."""


def _python(root: Path, rng: random.Random) -> Path:
    places = (
        "stacks/request.py",
        "stacks/gather.py",
        "components/apps/*.py",
        "components/services/*/*.py",
        "components/cell/*.py",
    )
    return rng.choice(sorted(path for place in places for path in root.glob(place) if path.stat().st_size > 200))


def comment(root: Path, rng: random.Random) -> str:
    """A comment at the end of a file of code."""
    path = _python(root, rng)
    path.write_text(f"{path.read_text()}\n# said {rng.randrange(1000)}\n")
    return f"{path.relative_to(root)}: a comment"


def docstring(root: Path, rng: random.Random) -> str:
    """Another first line of a file of code."""
    path = _python(root, rng)
    text = path.read_text()
    if not text.startswith('"""'):
        return ""
    path.write_text(f'"""Said {rng.randrange(1000)}. {text[3:]}')
    return f"{path.relative_to(root)}: another docstring"


def unused(root: Path, rng: random.Random) -> str:
    """A function that nobody calls."""
    path = _python(root, rng)
    path.write_text(f"{path.read_text()}\n\ndef unused_{rng.randrange(1000)}() -> int:\n    return 1\n")
    return f"{path.relative_to(root)}: a function that nobody calls"


def text(root: Path, rng: random.Random) -> str:
    """Some text of the code replaced."""
    file, old, new = rng.choice(_EFFECTS)
    path = root / file
    before = path.read_text()
    path.write_text(before.replace(old, new, 1))
    return f"{file}: {old} is {new}" if old in before else ""


def default(root: Path, rng: random.Random) -> str:
    """Another default in a model: what every file that says nothing of it becomes."""
    path = rng.choice(sorted(root.glob("components/services/*/spec.py")))
    lines = path.read_text().splitlines(keepends=True)
    found = [n for n, line in enumerate(lines) if line.partition("default=")[2][:1].isdigit()]
    if not found:
        return ""
    number = rng.choice(found)
    head, _, tail = lines[number].partition("default=")
    digits = tail[: len(tail) - len(tail.lstrip("0123456789"))]
    lines[number] = f"{head}default={int(digits) + 1}{tail[len(digits) :]}"
    path.write_text("".join(lines))
    return f"{path.relative_to(root)}:{number + 1}: default {digits} is {int(digits) + 1}"


def data_form(root: Path, rng: random.Random) -> str:
    """A data file in another form."""
    path = rng.choice(sorted(root.glob("components/services/kafka/*.json")))
    path.write_text(json.dumps(json.loads(path.read_text()), indent=rng.choice([1, 3])))
    return f"{path.relative_to(root)}: other form"


def script(root: Path, rng: random.Random) -> str:
    """A comment in a script that goes into a container as text."""
    path = root / "components/apps/register_subjects.py"
    path.write_text(f"{path.read_text()}# said {rng.randrange(1000)}\n")
    return "register_subjects.py: a comment, in what is read as text"


def both(root: Path, rng: random.Random) -> str:
    """Code and data at once."""
    path = rng.choice(sorted((root / "fleet/apps").rglob("*.yaml")))
    path.write_text(path.read_text().replace("partitions: ", "partitions: 1", 1))
    return f"{path.name}: more partitions; {default(root, rng)}"


CODE: dict[str, Edit] = {
    "code: comment": comment,
    "code: docstring": docstring,
    "code: unused function": unused,
    "code: text": text,
    "schema: default": default,
    "code: form of data": data_form,
    "code: script as text": script,
    "code and data": both,
}
