"""The one Pulumi program. The stock engine starts it with a stack's name; inline runs execute this same file.

It is thin on purpose: everything before `build` works, and is tested, without an engine.
"""

import sys
from pathlib import Path

import pulumi

# `main: stacks` makes stacks/ the working directory and the first entry of sys.path, where `spec` or `build` would
# shadow other people's modules; the project is one above.
HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:] = [entry for entry in sys.path if not entry or Path(entry).resolve() != HERE]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from stacks.build import build  # noqa: E402  (after the path is set)
from stacks.snapshot import snapshot  # noqa: E402

fleet = snapshot(ROOT)
name = pulumi.get_stack()
if fleet.errors:
    raise pulumi.RunError("fleet/ has errors:\n" + "\n".join(map(str, fleet.errors)))
if name.startswith("bootstrap."):
    from stacks.bootstrap import stock

    stock.build(fleet, name)
elif name not in fleet.stacks:
    raise pulumi.RunError(f"no file in fleet/ declares stack '{name}'; `fleet status` lists the stacks")
else:
    for key, value in build(fleet, fleet.stacks[name]).items():
        pulumi.export(key, value)
