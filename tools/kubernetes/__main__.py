"""`python -m tools.kubernetes`: obtains kube-apiserver and etcd where needed and prints their paths."""

import argparse
import sys

from tools.kubernetes.obtain import KubernetesError, binaries


def main() -> int:
    """Print the paths; on failure say why on stderr and return 1."""
    argparse.ArgumentParser(prog="python -m tools.kubernetes", description=__doc__).parse_args()
    try:
        found = binaries(tell=lambda text: print(text, file=sys.stderr, flush=True))
    except KubernetesError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(found.apiserver)
    print(found.etcd)
    return 0


if __name__ == "__main__":
    sys.exit(main())
