"""`python -m tools.canaries`: a secret by every door, and where it comes out again. Exit code 1 where one does."""

import sys

from tools.canaries.table import findings


def main() -> int:
    """Run it and print the table."""
    found = findings()
    sys.stdout.write(found.table())
    for door, way, encoding in found.hits:
        sys.stdout.write(f"{door} came out by {way} as {encoding}\n")
    return 1 if found.hits else 0


if __name__ == "__main__":
    sys.exit(main())
