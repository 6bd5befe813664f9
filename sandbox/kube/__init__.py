"""A real Kubernetes API behind the sandbox's managed clusters: kube-apiserver and etcd, nothing else.

Owns      the processes on this machine, their certificates, and what becomes of a resource in them.
Refuses   controllers, kubelets and operators: objects are judged and kept as a cluster would, and nothing acts on
          them. Every server listens on 127.0.0.1 alone.
"""
