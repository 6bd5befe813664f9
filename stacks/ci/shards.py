"""How many jobs share the work.

Owns      the number of shards, from how many stacks there are.
Refuses   to say which stack is in which: the command that is given a shard does, the same way each time.
"""

import json
from collections.abc import Sequence

from stacks.ci_spec import CiSettings


def shards(stacks: int, settings: CiSettings) -> Sequence[str]:
    """`I/N` for each job; none where there is nothing to do."""
    number = min(-(-stacks // settings.shard_size), settings.most_shards)
    return [f"{one}/{number}" for one in range(1, number + 1)]


def told(stacks: int, settings: CiSettings) -> str:
    """Lines as GitHub's `$GITHUB_OUTPUT` and GitLab's dotenv reports take them."""
    found = shards(stacks, settings)
    return f"affected={stacks}\nnumber={len(found)}\nshards={json.dumps(found)}\n"
