"""What things cost a month: uses of meters, priced from each cloud's catalogue.

Owns      the formulas (docs/cost.md has them in words), and bills as data.
Refuses   fleet files and Pulumi: `stacks/cost.py` says what there is to be billed.
"""
