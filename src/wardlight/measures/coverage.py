"""Whether a source can answer for a scope, and from which of its categories. A sum that would leave part out is not given."""

from __future__ import annotations

from collections.abc import Iterable

from wardlight.incidents.filters import RecordFilter
from wardlight.incidents.taxonomy import Taxonomy


def chosen_categories(
    published: Iterable[str], wanted: RecordFilter, taxonomy: Taxonomy, *, nested: bool, whole: bool
) -> frozenset[str] | None:
    """The published categories to add up for a scope, or None when they cannot answer it.

    `nested`: totals may stand beside their parts, so only the broadest are added. `whole`: every part of the scope must
    be published (counts); records need not hold every rare offence to be complete. A category that lies partly in the
    scope makes the answer impossible, unless it is a total beside its parts.
    """
    known = {slug for slug in published if slug in taxonomy.categories}
    if not wanted.categories:
        plain = frozenset(slug for slug in known if not taxonomy.categories[slug].overlaps)
        return (_broadest(plain, taxonomy) if nested else plain) or None
    scope = taxonomy.scope_leaves(wanted.categories, wanted.not_categories)
    inside = frozenset(slug for slug in known if taxonomy.leaves(slug) <= scope)
    straddling = any(taxonomy.leaves(slug) & scope for slug in known - inside)
    covered = frozenset().union(*(taxonomy.leaves(slug) for slug in inside))
    needed = {slug for slug in scope if not taxonomy.categories[slug].seldom_published} or scope
    if not inside or (straddling and not nested) or (whole and not needed <= covered):
        return None
    return _broadest(inside, taxonomy) if nested else inside


def with_stray_labels(chosen: frozenset[str], wanted: RecordFilter, taxonomy: Taxonomy, source: str) -> frozenset[str]:
    """`chosen` and the categories of the source's minor labels that lie wholly inside the scope."""
    if not wanted.categories:
        return chosen
    scope = taxonomy.scope_leaves(wanted.categories, wanted.not_categories)
    minor = {label.category for label in taxonomy.labels(source) if label.minor}
    return chosen | {slug for slug in minor if taxonomy.leaves(slug) <= scope}


def _broadest(categories: frozenset[str], taxonomy: Taxonomy) -> frozenset[str]:
    """The categories whose finest parts no other of them holds as well."""
    return frozenset(
        slug
        for slug in categories
        if not any(taxonomy.leaves(slug) < taxonomy.leaves(other) for other in categories if other != slug)
    )
