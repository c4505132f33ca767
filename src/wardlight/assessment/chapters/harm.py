"""Harm and cost: the same counts weighed by how much they hurt, with what has no weight said aloud."""

from __future__ import annotations

from collections.abc import Iterator

from safety_analysis.charts import bars
from safety_analysis.methods import harm

from .. import numerals as n
from ..context import Context, Weights
from ..document import Cell
from ..drafts import FindingDraft, Missing, columns, table

KEY = "harm"
TITLE = "Harm and cost"
SHOWN = 12
MOST_UNWEIGHTED = 50.0  # per cent of offences without a weight, above which no total is put forward


def findings(context: Context) -> Iterator[FindingDraft | Missing]:
    """One finding for each table of weights that the categories can use."""
    if not context.category_counts:
        yield Missing(
            "Harm is not weighed, because the data do not tell kinds of offence apart: import counts or records by offence."
        )
        return
    for weights in context.weights:
        finding = _weighted(weights, context)
        if finding is not None:
            yield finding


def _weighted(weights: Weights, context: Context) -> FindingDraft | None:
    held = {slug: count for slug, count in context.category_counts.items() if count and slug in weights.by_category}
    if not held:
        return None
    left = {slug: count for slug, count in context.category_counts.items() if count and slug not in weights.by_category}
    result = harm.weighted(held, {slug: weights.by_category[slug] for slug in held})
    if not result.total:
        return None
    every = sum(held.values()) + sum(left.values())
    unweighted = 100 * sum(left.values()) / every
    order = sorted(held, key=lambda slug: -result.by_category[slug])
    if unweighted > MOST_UNWEIGHTED:
        return _too_little(weights, order, held, result, context, left, unweighted)
    first = context.category_titles.get(order[0], order[0])
    share, of_count = 100 * result.share[order[0]], 100 * held[order[0]] / every
    title = f"{first}: {n.percent(share)} of the {weights.noun}, {n.percent(of_count)} of the offences"
    chart = bars.share_bars(
        [{"name": context.category_titles.get(slug, slug), "value": 100 * result.share[slug]} for slug in order[:8]],
        title=title, subtitle=f"Share of {weights.noun}, percent, {weights.title}", unit="%",
    )  # fmt: skip
    return FindingDraft(
        key=f"harm:{weights.slug}",
        title=title,
        statement=f"{first} made up {n.percent(share)} of the {weights.noun} and {n.percent(of_count)} of the offences. "
        f"The total is {amount(result.total, weights)}, with {n.percent(unweighted)} of offences left unweighted.",
        how_sure=_how_sure(weights, left, context),
        method="harm.cost" if weights.money else "harm.weighted",
        measure="",
        comparator="",
        value=result.total,
        n=float(sum(held.values())),
        unit=weights.unit,
        result={
            "percent_left_unweighted": unweighted,
            "by_category": dict(result.by_category),
            "left_unweighted": left,
        },
        parameters={"table": weights.slug, "source": weights.source, "checked": weights.checked},
        notes=() if weights.checked else ("These weights have not yet been compared with their source.",),
        table=_table(order, held, result, weights, context, left),
        chart=chart.spec,
        chart_alt=chart.alt,
        weight=0.9,
        theme="harm",
    )


def _too_little(
    weights: Weights,
    order: list[str],
    held: dict[str, int],
    result: harm.Harm,
    context: Context,
    left: dict[str, int],
    unweighted: float,
) -> FindingDraft:
    title = f"Too few offences have a weight to say what the {weights.noun} is"
    return FindingDraft(
        key=f"harm:{weights.slug}",
        title=title,
        statement=f"{title}: {n.percent(unweighted)} of offences are left unweighted, because these data put them in "
        f"broad groups "
        "that mix very different harms.",
        how_sure=_how_sure(weights, left, context),
        method="harm.cost" if weights.money else "harm.weighted",
        value=None,
        n=float(sum(held.values())),
        unit=weights.unit,
        result={
            "percent_left_unweighted": unweighted,
            "by_category": dict(result.by_category),
            "left_unweighted": left,
        },
        parameters={"table": weights.slug, "source": weights.source, "checked": weights.checked},
        table=_table(order, held, result, weights, context, left),
        theme="harm",
    )


def amount(total: float, weights: Weights) -> str:
    """“£22.5 million”, or “12,345 days”."""
    if weights.money and total >= 1_000_000:
        return f"£{n.decimal(total / 1_000_000)} million at {weights.price_year} prices"
    if weights.money:
        return f"£{n.count(total)} at {weights.price_year} prices"
    return f"{n.count(total)} days"


def _how_sure(weights: Weights, left: dict[str, int], context: Context) -> str:
    names = [context.category_titles.get(slug, slug) for slug in sorted(left, key=lambda slug: -left[slug])[:5]]
    unweighed = (
        f" No weight is published for {n.listing(names)}{' and others' if len(left) > 5 else ''}." if left else ""
    )
    return (
        f"Weights: {weights.source}; an average for each kind of offence, not what each victim experienced.{unweighed}"
    )


def _table(
    order: list[str], held: dict[str, int], result: harm.Harm, weights: Weights, context: Context, left: dict[str, int]
):
    heads = columns(
        ("offence", "Offence", "text"), ("count", "Count", "count"), ("weight", "Weight each", "number"),
        ("harm", "Pounds" if weights.money else "Days", "count"), ("share", "Share", "percent"),
    )  # fmt: skip
    rows: list[list[Cell]] = [
        [
            context.category_titles.get(slug, slug), held[slug], weights.by_category[slug],
            n.round_half_up(result.by_category[slug]), 100 * result.share[slug],
        ]
        for slug in order[:SHOWN]
    ]  # fmt: skip
    if left:
        rows.append(["Left unweighted", sum(left.values()), None, None, None])
    return table(f"{weights.title}, {weights.unit}", heads, rows)
