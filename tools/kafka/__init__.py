"""Apache Kafka for this machine: its jars from Maven Central, a Java to run them, and what is compiled against them.

Owns      `folder(version)`, `java()`, `classes(source)`: everything that a real broker in the sandbox needs.
Refuses   to commit jars, and to run one whose checksum is not in `versions.json`.
"""

from tools.kafka.error import KafkaError
from tools.kafka.java import classes, java
from tools.kafka.obtain import folder
from tools.kafka.versions import DEFAULT, runnable

__all__ = ["DEFAULT", "KafkaError", "classes", "folder", "java", "runnable"]
