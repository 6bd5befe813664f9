"""CRDs of programs that others wrote: the Prometheus operator, External Secrets, the Gateway API, Envoy Gateway, GKE.

Owns      `folder(project)`: one YAML file and one JSON file a CRD; `definitions()`: all of them as objects.
Refuses   to commit the CRDs (they are their projects'; one that nobody publishes is modelled in `modelled/`), and
          to hand out one whose checksum is not in `projects.json`.
"""

from tools.crds.obtain import CrdsError, definition, definitions, folder
from tools.crds.projects import kinds

__all__ = ["CrdsError", "definition", "definitions", "folder", "kinds"]
