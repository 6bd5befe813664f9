"""The engine's words for steps, as five classes and `import`, from harmless to worst.

Owns      the order in which a step is worse than another.
Refuses   guessing: a word that is not known is the worst there is.
"""

from typing import Literal, get_args

Class = Literal["same", "import", "create", "update", "replace", "delete"]
ORDER: tuple[Class, ...] = get_args(Class)

_WORDS: dict[str, Class] = {
    **{word: word for word in ORDER},
    # Nothing is changed in the cloud by these.
    "read": "same",
    "refresh": "same",
    "discard": "same",
    "read-replacement": "same",
    "discard-replaced": "same",
    "remove-pending-replace": "same",
    # Steps of a replacement, where the one that names it was not seen.
    "create-replacement": "replace",
    "delete-replaced": "replace",
    "import-replacement": "replace",
}


def class_of(word: str) -> Class:
    """The class of an engine's step (pkg/resource/deploy/step.go has the words)."""
    return _WORDS.get(word, "delete")


def worse(now: Class, approved: Class) -> bool:
    """Whether a step goes further than what was approved."""
    return ORDER.index(now) > ORDER.index(approved)
