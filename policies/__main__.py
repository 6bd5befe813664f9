"""The pack as the stock engine starts it: `pulumi preview --policy-pack policies --policy-pack-config FILE`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The engine starts this in policies/, where `contract` or `wire` would shadow other people's modules.
sys.path[:] = [entry for entry in sys.path if entry and Path(entry).resolve() != ROOT / "policies"]
sys.path.insert(0, str(ROOT))

from policies.host import stand_alone  # noqa: E402  (after the path is set)

stand_alone()
