"""What runs inside a cell's Kubernetes before any Kafka cluster: CRDs, operator, storage classes, rights."""
