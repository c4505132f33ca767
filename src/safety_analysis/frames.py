"""The column contracts of the frames that methods take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import narwhals as nw

from safety_analysis.inputs import BadInput

Kind = Literal["text", "whole number", "number", "date", "instant"]
Contract = Mapping[str, Kind]

MONTHLY: Contract = {"area": "text", "month": "whole number", "count": "whole number"}
POINTS: Contract = {"x": "number", "y": "number"}


def check(frame: Any, contract: Contract) -> Any:
    """The frame as a Narwhals frame, if it has every column of the contract, of its kind, with nothing missing.

    Takes any eager frame that Narwhals knows. Refuses a missing column, a wrong kind and a missing value, naming the
    first row.
    """
    table = nw.from_native(frame, eager_only=True)
    for name, kind in contract.items():
        if name not in table.columns:
            raise BadInput(f"The table has no column “{name}”; it has {', '.join(table.columns) or 'none'}.")
        if not _is(table[name].dtype, kind):
            raise BadInput(f"The column “{name}” must hold {_article(kind)}, but holds {table[name].dtype}.")
        if table[name].null_count():
            row = int(table[name].is_null().arg_true()[0])
            raise BadInput(f"The column “{name}” has no value in row {row}.")
    return table


def _is(dtype: Any, kind: Kind) -> bool:
    if kind == "text":
        return bool(dtype in (nw.String, nw.Categorical, nw.Enum))
    if kind == "date":
        return bool(dtype == nw.Date)
    if kind == "instant":
        return bool(dtype == nw.Datetime)
    return bool(dtype.is_integer() if kind == "whole number" else dtype.is_numeric())


def _article(kind: Kind) -> str:
    return f"an {kind}" if kind == "instant" else kind if kind == "text" else f"a {kind}"
