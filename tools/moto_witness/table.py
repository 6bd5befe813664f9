"""What both said, as a table in Markdown.

Owns      the words for agreement, and the sums below the table.
Refuses   judgement: a line without a reason is shown as such.
"""

from collections.abc import Iterable, Mapping

from tools.moto_witness.compare import Line
from tools.moto_witness.differences import BY_ACCIDENT


def markdown(lines: Iterable[Line], reasons: Mapping[str, str]) -> str:
    """The table, with the reason beside each difference."""
    rows = [
        "| request | type | sandbox | moto | agree | why not |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines = list(lines)
    for line in lines:
        agree = "by accident" if line.what in BY_ACCIDENT else "yes" if line.agree else "no"
        why = BY_ACCIDENT.get(line.what) or ("" if line.agree else reasons.get(line.what, "NOT WRITTEN DOWN"))
        cells = (line.what, line.type.rpartition(":")[2], line.sandbox.word, line.moto.word, agree, why)
        rows.append(f"| {' | '.join(cells)} |")
    agreed = sum(line.agree for line in lines)
    return "\n".join([*rows, "", f"{agreed} of {len(lines)} agree.", ""])
