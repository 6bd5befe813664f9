"""The machinery around the fleet at a forge: its pipelines, its owners, and who it is in each cloud.

Every step of a pipeline is a command that a person can run; docs/ci.md has them side by side.
"""
