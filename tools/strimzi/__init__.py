"""Strimzi's CRDs, obtained at set-up and cached outside the tree.

Owns      `folder(version)`: the folder that holds one YAML file a CRD, `crds.json` and `manifest.json`.
Refuses   to commit the CRDs (they are Strimzi's), and to hand out one whose checksum is not in `versions.json`.
"""

from tools.strimzi.obtain import StrimziError, folder

__all__ = ["StrimziError", "folder"]
