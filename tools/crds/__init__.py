"""CRDs of programs that somebody else installs in a Kubernetes: the Prometheus operator, External Secrets.

Owns      `folder(project)`: one YAML file and one JSON file a CRD; `definitions()`: all of them as objects.
Refuses   to commit the CRDs (they are their projects'), and to hand out one whose checksum is not in `projects.json`.
"""

from tools.crds.obtain import CrdsError, definition, definitions, folder
from tools.crds.projects import kinds

__all__ = ["CrdsError", "definition", "definitions", "folder", "kinds"]
