"""`python -m tools.services [--check]`: writes docs/services.md, or says whether it is out of date."""

import argparse
import sys

from tools.services.table import PAGE, page


def main() -> int:
    """Write the page; with --check only compare."""
    parser = argparse.ArgumentParser(prog="python -m tools.services", description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail where the page is out of date")
    arguments = parser.parse_args()
    text = page()
    if not arguments.check:
        PAGE.write_text(text, "utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text("utf-8") == text:
        return 0
    print("docs/services.md is out of date: run `python -m tools.services` and commit", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
