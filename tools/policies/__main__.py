"""`python -m tools.policies`: every policy against the stock engine; with --page, writes docs/policies.md."""

import argparse
import sys

from tools.policies.page import PAGE, page
from tools.policies.table import text


def main() -> int:
    """Print the table, or write the page."""
    parser = argparse.ArgumentParser(prog="python -m tools.policies", description=__doc__)
    parser.add_argument("--page", action="store_true", help="write docs/policies.md instead")
    if parser.parse_args().page:
        PAGE.write_text(page(), "utf-8")
    else:
        sys.stdout.write(text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
