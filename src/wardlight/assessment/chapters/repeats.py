"""Repeat victims: how much of the harm falls on how few people."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from .. import numerals as n
from ..context import Context
from ..document import Cell
from ..drafts import FindingDraft, Missing, columns, table

KEY = "repeats"
TITLE = "People harmed more than once"
NO_KEYS = Missing(
    "Repeat victims are not shown: the data have no pseudonymous victim key. "
    "Ask the force to add one (never a name) to the record extract."
)


def findings(context: Context) -> Iterator[FindingDraft | Missing]:
    """How many people were harmed once, twice and more, and what share of the incidents that is."""
    records = context.records
    held = records.within(context.period).filter(pl.col("victim_key").is_not_null()) if records else None
    if held is None or held.is_empty():
        yield NO_KEYS
        return
    times = held.group_by("victim_key").len()["len"].sort(descending=True)
    people, incidents = len(times), int(times.sum())
    repeated = int((times > 1).sum())
    from_repeats = int(times.filter(times > 1).sum())
    most = max(1, n.round_half_up(people * 0.04))
    top = int(times.head(most).sum())
    yield FindingDraft(
        key="repeats:victims",
        title=f"{n.count(repeated)} of {n.count(people)} people harmed were harmed more than once",
        statement=_sentence(people, incidents, repeated, from_repeats, most, top),
        how_sure=f"From {n.count(incidents)} incidents with a victim key, within the period; incidents without one "
        f"are not counted here.",
        method="repeats.repeat_victims",
        value=float(repeated),
        n=float(people),
        unit="people",
        result={"incidents": incidents, "incidents_of_repeats": from_repeats, "top_people": most, "top_incidents": top},
        table=_table(times),
        weight=1.1,
        theme="repeats",
    )


def _sentence(people: int, incidents: int, repeated: int, from_repeats: int, most: int, top: int) -> str:
    if people < n.SMALL_BASE:
        return f"{n.count(repeated)} of {n.count(people)} people were harmed more than once."
    return (
        f"{n.count(repeated)} of {n.count(people)} people ({n.percent(100 * repeated / people)}) were harmed more "
        f"than once, and they experienced "
        f"{n.percent(100 * from_repeats / incidents)} of the incidents; the most affected {n.percent(100 * most / people)} "
        f"experienced {n.percent(100 * top / incidents)}."
    )


def _table(times: pl.Series):
    bands = ((1, 1, "once"), (2, 2, "twice"), (3, 4, "three or four times"), (5, 10**9, "five times or more"))
    rows: list[list[Cell]] = []
    for low, high, name in bands:
        held = times.filter(times.is_between(low, high))
        rows.append([name, len(held), int(held.sum())])
    heads = columns(("times", "Harmed", "text"), ("people", "People", "count"), ("incidents", "Incidents", "count"))
    return table("How often people were harmed in the period", heads, rows)
