"""Draw the demo borough's incidents, flow by flow, with what is planted in them."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .truths import components, record_months, truths
from .when import DAY, clock_times, expected, extra_variation, moments, month_of, time_of_day, within_records
from .where import Ground, barrier_points, place_columns

FLAGS = ("knife", "domestic", "hate", "alcohol", "injury")


def draw(rng: np.random.Generator, ground: Ground, kind: str, scale: float) -> pl.DataFrame:
    """All incidents of one source in time order.

    Columns: offence, flow (place drawn from), start and end (minutes of local time), month, x, y, premises (index or
    −1), area (index of the 2021 small area), street, person (whether somebody is the victim) and a column a flag.
    """
    flows = components()[kind]
    wobble = _wobble(rng, flows, scale)
    frames = [_flow(rng, ground, flow, scale, wobble) for flow in flows]
    if kind == "crime":
        frames.append(_stray(rng, ground))
    frame = pl.concat(frames).sort("start", "x", "y", maintain_order=True)
    return place_columns(ground, frame.with_columns(pl.Series("month", month_of(frame["start"].to_numpy()))))


def _wobble(rng: np.random.Generator, flows: list[dict[str, Any]], scale: float) -> NDArray[np.float64]:
    mean = scale * sum(flow["per_year"] for flow in flows if flow.get("dispersed")) / 12
    if not mean:
        return np.ones(len(record_months()))
    return extra_variation(rng, mean, truths()["robbery"]["dispersion"], len(record_months()))


def _flow(
    rng: np.random.Generator, ground: Ground, flow: dict[str, Any], scale: float, wobble: NDArray[np.float64]
) -> pl.DataFrame:
    contagious = flow["place"] == "contagious"
    share = 1 - truths()["near_repeat"]["parents_followed"] if contagious else 1.0
    counts = rng.poisson(share * expected(flow, scale, wobble))
    start = np.concatenate(
        [moments(rng, month, int(n), flow["when"]) for month, n in zip(record_months(), counts, strict=True)]
    )
    spots = ground.draw(rng, flow["place"], len(start))
    x, y, premises = spots.x, spots.y, spots.premises
    if contagious:
        start, x, y = _contagion(rng, start, x, y, flow["when"])
        premises = np.full(len(start), -1)
    keep, x, y = _intervene(rng, flow, month_of(start), x, y)
    columns = {"start": start, "x": x, "y": y, "premises": premises}
    return _described(rng, flow, pl.DataFrame(columns).filter(keep))


def _described(rng: np.random.Generator, flow: dict[str, Any], frame: pl.DataFrame) -> pl.DataFrame:
    longest = 60 * flow.get("window_hours", 0)
    window = rng.integers(60, longest + 1, len(frame)) if longest else np.zeros(len(frame), dtype=np.int64)
    chances = flow.get("chances", {})
    return frame.with_columns(
        pl.lit(flow["offence"]).alias("offence"),
        pl.lit(flow["place"]).alias("flow"),
        pl.Series("end", clock_times(frame["start"].to_numpy() + window)),
        pl.lit(flow.get("victim") == "person").alias("person"),
        *[pl.Series(flag, rng.random(len(frame)) < chances.get(flag, 0.0)) for flag in FLAGS],
    )


def _contagion(
    rng: np.random.Generator, start: NDArray[np.int64], x: NDArray[np.float64], y: NDArray[np.float64], clock: str
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """A share of burglaries bring another near by within days, which may bring another in turn."""
    planted = truths()["near_repeat"]
    found = [(start, x, y)]
    while len(found[-1][0]):
        before, east, north = found[-1]
        again = rng.random(len(before)) < planted["parents_followed"]
        n = int(again.sum())
        far = planted["metres"] * 0.95 * np.sqrt(rng.random(n))
        angle = rng.uniform(0, 2 * np.pi, n)
        day = before[again] // DAY + rng.integers(1, planted["days"] - 1, n)
        when = within_records(day * DAY + time_of_day(rng, n, clock))
        spread = np.round([east[again] + far * np.cos(angle), north[again] + far * np.sin(angle)], 1)
        found.append((when, spread[0], spread[1]))
    return tuple(np.concatenate(column) for column in zip(*found, strict=True))  # type: ignore[return-value]


def _intervene(
    rng: np.random.Generator,
    flow: dict[str, Any],
    month: NDArray[np.int64],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64]]:
    """What the lighting prevents goes; part of what the barrier prevents comes back in the streets round it."""
    planted = {"canal": truths()["lighting"], "barrier": truths()["barrier"]}.get(flow["place"])
    if planted is None:
        return np.ones(len(month), dtype=bool), x, y
    stopped = (month >= planted["first_month"]) & (rng.random(len(month)) < -planted["effect"])
    moved = stopped & (rng.random(len(month)) < planted["displaced_share"])
    if flow["place"] == "barrier":
        away = np.round(barrier_points(rng, len(month), planted["radius"], planted["buffer"]), 1)
        x, y = np.where(moved, away[:, 0], x), np.where(moved, away[:, 1], y)
    return ~stopped | moved, x, y


def _stray(rng: np.random.Generator, ground: Ground) -> pl.DataFrame:
    """Eight records close together in a quiet ward: what chance leaves, and no hotspot."""
    planted = next(spot for spot in truths()["hotspots"] if not spot["true"])
    number = planted["records"]
    months = rng.choice(record_months()[-12:], number)
    start = np.concatenate([moments(rng, int(month), 1, "evening") for month in months])
    spots = ground.draw(rng, planted["key"], number)
    flow = {"offence": "Violence with injury", "place": "stray", "chances": {"injury": 1.0}, "victim": "person"}
    return _described(rng, flow, pl.DataFrame({"start": start, "x": spots.x, "y": spots.y, "premises": spots.premises}))
