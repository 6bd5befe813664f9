"""A real kube-apiserver and its etcd for this machine: found in the cache, or built from pinned modules.

Owns      `binaries()`: paths of both, built once.
Refuses   to commit binaries, controllers, and anything older or newer than the pinned versions: what the API server
          says is compared with committed schemas of the same Kubernetes version.
"""

from tools.kubernetes.obtain import Binaries, KubernetesError, binaries

__all__ = ["Binaries", "KubernetesError", "binaries"]
