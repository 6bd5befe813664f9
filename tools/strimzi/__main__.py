"""`python -m tools.strimzi [--version V] [--record]`: obtains the CRDs and prints the folder that holds them."""

import argparse
import sys

from tools.strimzi.obtain import StrimziError, folder
from tools.strimzi.versions import DEFAULT, record


def main() -> int:
    """Print the folder; on failure say why on stderr and return 1."""
    parser = argparse.ArgumentParser(prog="python -m tools.strimzi", description=__doc__)
    parser.add_argument("--version", default=DEFAULT, help=f"Strimzi version (default {DEFAULT})")
    parser.add_argument(
        "--record", action="store_true", help="write this version's checksums into versions.json, for a reviewed commit"
    )
    arguments = parser.parse_args()
    try:
        if arguments.record:
            record(arguments.version)
        print(folder(arguments.version))
    except StrimziError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
