"""Parts of a preview that several machines shared, put together.

Owns      that nothing is missing and nothing is there twice.
Refuses   parts of different previews.
"""

from collections.abc import Mapping

from stacks.approve.document import Approved, BadPlanError, names_digest, sealed


def merge(parts: Mapping[str, Approved]) -> Approved:
    """One plan of all parts, given by the name of their file; raises BadPlanError."""
    ordered = sorted(parts.items(), key=lambda one: one[1].shard.number if one[1].shard else 0)
    first_name, first = ordered[0]
    if len(ordered) == 1 and first.shard is None:
        return first
    for name, part in ordered:
        if part.shard is None or first.shard is None:
            raise BadPlanError(f"{name if part.shard is None else first_name} is whole already, and no part of another")
        for key, told, here in (
            ("head", first.head, part.head),
            ("base", first.base, part.base),
            ("engine", first.engine, part.engine),
            ("number of parts", str(first.shard.of), str(part.shard.of)),
            ("set of stacks", first.shard.all, part.shard.all),
        ):
            if told != here:
                raise BadPlanError(f"{first_name} and {name} are parts of different previews: {key} {told} and {here}")
    numbers = [part.shard.number for _, part in ordered if part.shard]
    assert first.shard is not None  # noqa: S101 - looked at above
    wanted = list(range(1, first.shard.of + 1))
    if numbers != wanted:
        missing = sorted(set(wanted) - set(numbers))
        twice = sorted({number for number in numbers if numbers.count(number) > 1})
        raise BadPlanError(
            f"of {first.shard.of} parts "
            + " and ".join(
                [
                    f"{' '.join(map(str, found))} {word}"
                    for found, word in ((missing, "missing"), (twice, "twice"))
                    if found
                ]
            )
        )
    stacks = {name: step for _, part in ordered for name, step in part.stacks.items()}
    if sum(len(part.stacks) for _, part in ordered) != len(stacks) or names_digest(stacks) != first.shard.all:
        raise BadPlanError("the parts do not add up to the stacks that were to be previewed")
    made = min(part.made for _, part in ordered)
    return sealed(first.model_copy(update={"shard": None, "stacks": dict(sorted(stacks.items())), "made": made}))
