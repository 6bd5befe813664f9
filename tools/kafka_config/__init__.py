"""Generates Kafka's and Strimzi's own tables of configuration keys. See README.md."""
