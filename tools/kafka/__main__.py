"""`python -m tools.kafka [--version V] [--record | --registry]`: obtains jars and prints the folder that holds them."""

import argparse
import sys

from tools.kafka import DEFAULT, KafkaError, folder, registry
from tools.kafka.obtain import write_down


def main() -> int:
    """Print the folder; on failure say why on stderr and return 1."""
    parser = argparse.ArgumentParser(prog="python -m tools.kafka", description=__doc__)
    parser.add_argument("--version", default=DEFAULT, help=f"Kafka version (default {DEFAULT})")
    parser.add_argument(
        "--record", action="store_true", help="write this version's checksums into versions.json, for a reviewed commit"
    )
    parser.add_argument("--registry", action="store_true", help=f"{registry.PROGRAM} instead of Kafka")
    arguments = parser.parse_args()
    try:
        if arguments.record:
            write_down(arguments.version)
        print(registry.folder() if arguments.registry else folder(arguments.version))
    except KafkaError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
