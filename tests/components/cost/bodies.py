"""Cells of the clouds' own examples."""

from pathlib import Path
from typing import Any

import yaml

from components.cell.spec import CellBody, CellSpec

CLOUDS = Path(__file__).parents[3] / "components" / "clouds"


def example(cloud: str, name: str = "minimal", **network: Any) -> CellBody:
    """A cell of a cloud's example, with values of its network in place of the example's."""
    body = yaml.safe_load((CLOUDS / cloud / "examples" / f"{name}.yaml").read_text("utf-8"))
    body["network"] |= network
    return CellSpec.model_validate(body)
