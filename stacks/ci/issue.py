"""One issue about drift, kept up to date.

Owns      the hidden mark by which it is found among others, and that it is closed when there is nothing to tell.
Refuses   a second one.
"""

from stacks.ci.forge import Forge

MARK = "<!-- kafka-fleet:drift -->"
TITLE = "The clouds differ from what was applied"
_MOST = 60_000


def keep(forge: Forge, body: str, *, differs: bool) -> str:
    """Open, rewrite or close it; what was done, for the log."""
    found = next((one for one in forge.issues() if one.body.startswith(MARK)), None)
    text = f"{MARK}\n{body[:_MOST]}"
    if not differs:
        if found is None:
            return "no drift, and no issue about it"
        forge.edit(found.number, text, close=True)
        return f"no drift: issue {found.number} is closed"
    if found is None:
        return f"issue {forge.open(TITLE, text)} is opened"
    forge.edit(found.number, text)
    return f"issue {found.number} is rewritten"
