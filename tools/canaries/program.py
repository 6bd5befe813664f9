"""The stack program of the canaries: secrets by every door by which one gets into a run.

Copied into a folder of its own, where the runner takes it for a fleet's program. What each stack does with which
secret stands in `plan.json` beside it.
"""

import json
import logging
import sys
from pathlib import Path

import pulumi

PLAN = json.loads((Path(__file__).resolve().parents[1] / "plan.json").read_text("utf-8"))[pulumi.get_stack()]


def main() -> None:
    """Do what the plan says."""
    own = PLAN.get("provider")
    provider = pulumi.ProviderResource(
        "careless", "careless", {"endpoint": pulumi.Output.secret(own)} if own else {}, pulumi.ResourceOptions()
    )
    options = pulumi.ResourceOptions(provider=provider)
    for name, value in PLAN.get("secret", {}).items():
        inputs = {"value": pulumi.Output.secret(value), "made": None}
        thing = pulumi.CustomResource("careless:index:Thing", name, inputs, options)
        pulumi.export(f"made_by_{name}", thing.made)  # type: ignore[attr-defined]
    for name, value in PLAN.get("plain", {}).items():
        pulumi.CustomResource("careless:index:Thing", name, {"value": value}, options)
    for name, texts in PLAN.get("refused", {}).items():
        inputs = {"value": pulumi.Output.secret(texts[0]), "refuse": pulumi.Output.secret(json.dumps(texts))}
        pulumi.CustomResource("careless:index:Thing", name, inputs, options)
    for name, value in PLAN.get("outputs", {}).items():
        pulumi.export(name, pulumi.Output.secret(value))
    for texts in PLAN.get("printed", ()):
        print(*texts)  # noqa: T201 - what is tried
        print(*texts, file=sys.stderr)  # noqa: T201
        logging.getLogger("anyone").warning(" ".join(texts))
    for texts in PLAN.get("logged", ()):
        for say in (pulumi.log.debug, pulumi.log.info, pulumi.log.warn, pulumi.log.error):
            say(" ".join(texts))
    for texts in PLAN.get("raised", ()):
        raise ValueError(" ".join(texts))
    for texts in PLAN.get("failed", ()):
        raise pulumi.RunError(" ".join(texts))


main()
