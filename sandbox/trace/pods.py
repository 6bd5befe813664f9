"""The last step: into a broker's pod.

Owns      network policies of the cluster's namespace, those of Strimzi included.
Refuses   whether the pod runs: nothing runs in the sandbox.
"""

from collections.abc import Sequence

from sandbox.trace.cluster import Broker, Cluster
from sandbox.trace.look import Look, hop
from sandbox.trace.objects import Peer, judge, pod, policies_of, strimzi_policy
from sandbox.trace.result import Hop
from sandbox.trace.strimzi import Listener, listeners


def enter(look: Look, cluster: Cluster, listener: Listener, brokers: Sequence[Broker], seen: Peer) -> list[Hop]:
    """Whether every one of the brokers lets the connection in; one hop for all where they do."""
    if not brokers:
        return [hop("pod", "brokers", cluster.record, "fail", "the cluster has no broker")]
    bodies = [one.body for one in listeners(cluster)]
    policies = [*policies_of(look, cluster.record.scope), strimzi_policy(cluster.record, bodies)]
    found: list[Hop] = []
    for broker in brokers:
        target = pod(look, cluster.record.scope, cluster.namespace, broker.labels)
        judged = judge(policies, "Ingress", target, seen, listener.port)
        where = f"pod {cluster.namespace}/{broker.pod}, port {listener.port}"
        one = hop("pod", where, judged.by, "pass" if judged.allowed else "fail", judged.reason)
        if not judged.allowed:
            return [one]
        found = found or [one]
    return found
