"""Values and whole configurations to ask Kafka about: around every limit and word that the tables know."""

import random
from collections.abc import Iterator
from typing import Any

from components.config import forbidden, laws
from components.config.keys import Key, known
from components.config.values import allowed
from components.model import Scalar
from tests.cluster.config_cases import OPERATOR

BITS = {"short": 15, "int": 31, "long": 63}
TEXTS = (
    *("", " ", "nonsense", "a,b", "a,a", "a,,b", ",", "a, b", "*", "0:1", "0:1,1:2", "x:y", "*,*", "[", "(", "a\x01b"),
    *(r"(?<n>x)\k<n>", r"\p{L}+", "by_duration:PT1H", "by_duration:P1D", "by_duration:-PT1H", "by_duration:PT"),
    *("a,b,c,d,e", "a,b,c,d,e,f"),
)


def around(key: Key) -> list[Any]:
    """Values around everything that a key's row says, and some nonsense."""
    if key.type in BITS:
        edges = [-(2 ** BITS[key.type]), 2 ** BITS[key.type] - 1, 0, key.least, key.most]
        edges += [edge for interval in key.ranges for edge in interval]
        return sorted({int(edge) + step for edge in edges if edge is not None for step in (-1, 0, 1)})
    if key.type == "double":
        return [
            0.0,
            1.0,
            -1.0,
            1e300,
            *(edge + step for edge in (key.least, key.most) if edge for step in (-0.01, 0.01)),
        ]
    if key.type == "boolean":
        return [True, False]
    if key.type == "class":
        return []  # whether a class is there is the image's
    words = [form for word in key.values for form in (word, word.upper(), word.lower(), f"{word}x", f" {word} ")]
    return [*TEXTS, *words, ",".join(key.values[:2]), ",".join(key.values)]


def _good(key: Key) -> list[Scalar]:
    """Values that the key's own row takes."""
    values = [*around(key), *([key.default] if key.default is not None else [])]
    if key.type in BITS and isinstance(key.default, int) and key.default > 0:
        values += [int(key.default * factor) for factor in (0.01, 0.3, 0.5, 0.9, 1.1, 2, 3, 10)]
    return [value for value in values if not allowed(value, key)]


def drawn(version: str, seed: int, count: int) -> Iterator[dict[str, Scalar]]:
    """Broker configurations of good values, one to seven keys each, most of them keys that a law concerns."""
    choose = random.Random(seed)  # noqa: S311 - a draw that can be made again, no secret
    pool = {
        name: values
        for name, key in known("broker", version).items()
        if not forbidden.reason(name, OPERATOR) and (values := _good(key))
    }
    concerned = sorted(pool.keys() & laws.CONCERNED)
    for _ in range(count):
        names = [*choose.sample(concerned, choose.randint(1, 4)), *choose.sample(sorted(pool), choose.randint(0, 3))]
        yield {name: choose.choice(pool[name]) for name in names}
