"""The one error of this tool.

Owns      the class that every module here raises, so that a caller catches one thing.
Refuses   logic.
"""


class KafkaError(Exception):
    """Kafka could not be had on this machine; the message names the change to make."""
