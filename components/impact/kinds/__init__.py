"""Rules by kind of object: what changing which property of which kind does.

Owns      the register: kind -> `(ObjectChange, Context) -> Iterable[Effect]`, for changes of a property.
Refuses   objects that come or go as a whole (`whole.py`), and what one service alone knows (its `impact.py`).
"""

from collections.abc import Callable, Iterable, Mapping

from components.impact.contract import Context, Effect, ObjectChange
from components.impact.kinds import kafka, kubernetes, node_pool, topic, user, workers, workload

Judge = Callable[[ObjectChange, Context], Iterable[Effect]]

KINDS: Mapping[str, Judge] = {
    "Kafka": kafka.judge,
    "KafkaNodePool": node_pool.judge,
    "KafkaTopic": topic.judge,
    "KafkaUser": user.judge,
    "KafkaConnect": workers.connect,
    "KafkaMirrorMaker2": workers.mirror,
    "KafkaBridge": workers.bridge,
    "KafkaConnector": workers.connector,
    "Deployment": workload.judge,
    "StatefulSet": workload.judge,
    **dict.fromkeys(kubernetes.RULES, kubernetes.judge),
}
