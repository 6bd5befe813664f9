"""placeholder"""
from sandbox.contract import ApiModel, Refusal
from typing import Any, Mapping
def judge(model: ApiModel, inputs: Mapping[str, Any]) -> list[Refusal]:
    return []
