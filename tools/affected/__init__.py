"""Whether `stacks.plan.affected` finds what a brute-force render of both revisions finds.

Owns      edits drawn by seed, a scratch repository that they are committed to, and the oracle.
Refuses   the shortcuts that it judges: the oracle reads every file of both revisions and renders every stack.
"""
