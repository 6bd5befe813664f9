"""A real Kafka behind a declared cluster, on this machine. It is our reconciler, not Strimzi: docs/sandbox-kafka.md."""
