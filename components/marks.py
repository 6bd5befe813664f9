"""How the engine writes values that are none: not known yet, secret, an asset.

Owns      the marks, of which every reader of the engine's messages, events and plans has to know.
Refuses   reading them: each reader decides what a marked value becomes. The sandbox has its own: it is another program.
"""

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""Key of a special value's mapping (sdk/python/lib/pulumi/runtime/rpc.py)."""
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the mark of a secret, not one
"""What stands at that key of a secret."""
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""A text, and in a plan any value, that only exists after an apply."""
UNKNOWNS = frozenset(
    {
        UNKNOWN,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
"""One for each type of value (sdk/go/common/resource/plugin/rpc.go)."""
