"""`python -m tools.engine`: obtains the Pulumi CLI where needed and prints its path."""

import argparse
import sys

from tools.engine.find import EngineError
from tools.engine.obtain import engine


def main() -> int:
    """Print the path; on failure say why on stderr and return 1."""
    argparse.ArgumentParser(prog="python -m tools.engine", description=__doc__).parse_args()
    try:
        print(engine(tell=lambda text: print(text, file=sys.stderr, flush=True)))
    except EngineError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
