"""The one error of this tool.

Owns      the class that every module here raises, so that a caller catches one thing.
Refuses   logic.
"""


class StrimziError(Exception):
    """The CRDs could not be had, or are not what `versions.json` says; the message names the change to make."""
