"""What a change in Git does to which stack, without an engine.

Owns      the way from two revisions to a plan: affected stacks, their impact, refusals, cost.
Refuses   Pulumi's engine, a checkout of the other revision, and text for people (`stacks/tell`, `stacks/pull`).
"""
