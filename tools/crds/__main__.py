"""`python -m tools.crds [--record]`: obtains the CRDs of every project and prints the folders that hold them."""

import argparse
import sys

from tools.crds.obtain import CrdsError, folder, record
from tools.crds.projects import known


def main() -> int:
    """Print the folders; on failure say why on stderr and return 1."""
    parser = argparse.ArgumentParser(prog="python -m tools.crds", description=__doc__)
    parser.add_argument(
        "--record", action="store_true", help="write the checksums of today's versions into projects.json, for review"
    )
    arguments = parser.parse_args()
    try:
        if arguments.record:
            record()
        for project in known():
            print(folder(project))
    except CrdsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
