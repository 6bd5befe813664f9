"""What was reviewed is what is applied: the approved plan, and the comparison with it.

Owns      the plan file: one word for each URN, written by a preview, asked by an apply.
Refuses   values of properties (so no secret can be in it), and the engine.
"""
