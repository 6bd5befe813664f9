"""Which files may name a thing: found in their bytes, without reading them as YAML.

Owns      a search that overlooks nothing: a file in which YAML could spell a name otherwise (by an escape in a quoted
          text) counts as one that names everything.
Refuses   to decide: what is found is read and compared.
"""

import os
import re
from collections.abc import Collection, Iterable

from stacks.plan.half import kind
from stacks.plan.tree import Tree

_FEW = 12
"""As many names Git looks for itself; for more, one pass over all words of all files is faster."""
_WORD = re.compile(rb"[A-Za-z0-9_-]+")
_FOLDERS = ("fleet/cells", "fleet/clusters", "fleet/apps", "fleet/services", "fleet/profiles")


def search(tree: Tree, names: Collection[str], files: Iterable[str]) -> set[str]:
    """Those of `files` that may name one of `names` in a commit. What differs from that commit is not looked at."""
    wanted = [file for file in files if kind(file) and file in tree.entries]
    if len(names) <= _FEW:
        found = _by_git(tree, names)
        return {file for file in wanted if file in found}
    words = {name.encode() for name in names}
    texts = ((file, tree.content(file)) for file in wanted)
    return {file for file, text in texts if b"\\" in text or not words.isdisjoint(_WORD.findall(text))}


def _by_git(tree: Tree, names: Collection[str]) -> set[str]:
    patterns = [part for name in sorted(names) for part in ("-e", name)]
    # A backslash is no word, so it is asked for by itself.
    return _grep(tree, ["-w", *patterns]) | _grep(tree, ["-e", "\\"])


def _grep(tree: Tree, patterns: Iterable[str]) -> set[str]:
    form = ("-l", "-z", "-F", "-a", "--no-color", "--no-recurse-submodules", "--no-textconv")
    out = tree.git.ask("grep", *form, *patterns, tree.commit, "--", *_FOLDERS, good=(0, 1))
    before = len(f"{tree.commit}:")
    return {name[before:] for name in os.fsdecode(out).split("\0") if name}
