"""Secrets that are looked for: each says by which door it came in, and is found in whatever it was written as.

Owns      their values, and the six encodings.
Refuses   to count a word of a canary that is no secret: only the part drawn by chance counts.
"""

import base64
import json
import secrets
from dataclasses import dataclass, field
from urllib.parse import quote

ENCODINGS = ("raw", "base64", "url", "json", "pem line", "hex")


def _drawn() -> str:
    return "".join(secrets.choice("ghjkmnpqrstvwxyz") for _ in range(24))


@dataclass(frozen=True)
class Canary:
    """A private key with signs that each encoding writes in another way."""

    door: str
    token: str = field(default_factory=_drawn)

    @property
    def value(self) -> str:
        """The secret."""
        lines = (f'{self.token}/+="{self.token[::-1]}', f"{self.token[5:]}&<é>=")
        return "-----BEGIN PRIVATE KEY-----\n" + "\n".join(lines) + "\n-----END PRIVATE KEY-----\n"

    def encoded(self) -> dict[str, str]:
        """The secret in every encoding."""
        data = self.value.encode()
        return {
            "raw": self.value,
            "base64": base64.b64encode(data).decode(),
            "url": quote(self.value, safe=""),
            "json": json.dumps(self.value)[1:-1],
            "pem line": self.value.split("\n")[1],
            "hex": data.hex(),
        }

    def found(self, text: str) -> list[str]:
        """Encodings in which it, or a telling part of it, stands in `text`."""
        hits = [name for name, one in self.encoded().items() if name != "pem line" and one in text]
        if not hits and self.token in text:
            hits = ["pem line"]
        for name, needles in (("base64", self._aligned()), ("hex", (self.token.encode().hex(),))):
            if name not in hits and any(one in text for one in needles):
                hits.append(name)
        return hits

    def _aligned(self) -> tuple[str, ...]:
        """Base64 of the token wherever it begins within three bytes, without the signs that its neighbours change."""
        texts = (base64.b64encode(b"\0" * shift + self.token.encode()).decode().rstrip("=") for shift in range(3))
        return tuple(text[4:-2] for text in texts)
