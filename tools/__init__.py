"""Pinned builds of third-party parts, for machines without their installers."""
