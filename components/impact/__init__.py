"""What a change of an object does to what runs: the rules, by kind of object, and the words for it.

Owns      the classes of impact, and who judges which kind of object.
Refuses   whether a change is allowed (the laws of old and new, `stacks/check/changes`), and Pulumi.
"""
