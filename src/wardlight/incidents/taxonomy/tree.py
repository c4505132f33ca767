"""The categories, how they nest, and what each source calls them. Data in `categories.toml` and `mappings/`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
FIRST_MONTH, LAST_MONTH = 0, 999912


@dataclass(frozen=True, slots=True)
class Category:
    """What something is. `covers` names the finest categories a coarse one may hold when they are not its children."""

    slug: str
    title: str
    parent: str = ""
    covers: tuple[str, ...] = ()
    is_crime: bool = False
    notifiable: bool = False
    harm: str = ""
    overlaps: bool = False
    seldom_published: bool = False
    law: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A source's own words for a category, in the months from `valid_from` to `valid_to` inclusive.

    `minor` labels hold a handful of stray rows: kept, but they do not decide what the source can answer.
    """

    words: str
    category: str
    group: str = ""
    valid_from: int = FIRST_MONTH
    valid_to: int = LAST_MONTH
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Break:
    """From `month`, figures for `categories` do not continue those before it; `sentence` says why."""

    month: int
    categories: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class SourceMapping:
    """What one family of sources calls things. `nested`: it may publish totals beside their parts."""

    sources: tuple[str, ...]
    nested: bool
    labels: tuple[Label, ...]
    breaks: tuple[Break, ...] = ()
    not_published: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unplaced: tuple[str, ...] = ()
    by_words: Mapping[str, tuple[Label, ...]] = field(default_factory=dict)


def spelling(words: str) -> str:
    """Words reduced to what they are compared by: no case, punctuation, “and”, or final s."""
    bare = re.sub(r"[^a-z0-9]+", " ", words.casefold().replace("&", " and "))
    return " ".join(_singular(word) for word in bare.split() if word != "and")


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word.rstrip("s") if len(word) > 3 else word


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Every category and every source's words for them."""

    categories: Mapping[str, Category]
    mappings: Mapping[str, SourceMapping]
    children: Mapping[str, tuple[str, ...]]

    def title(self, slug: str) -> str:
        """What people call the category; the slug itself where it is unknown."""
        return self.categories[slug].title if slug in self.categories else slug

    def above(self, slug: str) -> tuple[str, ...]:
        """The categories above this one, nearest first."""
        found: list[str] = []
        while slug in self.categories and (slug := self.categories[slug].parent):
            found.append(slug)
        return tuple(found)

    def below(self, slug: str) -> set[str]:
        """The category and everything under it. Raises ValueError for an unknown slug."""
        if slug not in self.categories:
            raise ValueError(f"There is no category “{slug}” in incidents/taxonomy/categories.toml.")
        found = {slug}
        for child in self.children.get(slug, ()):
            found |= self.below(child)
        return found

    def leaves(self, slug: str) -> frozenset[str]:
        """The finest categories that a row of this category may be about."""
        covers = self.categories[slug].covers if slug in self.categories else ()
        if covers:
            return frozenset().union(*(self.leaves(one) for one in covers))
        parts = [one for one in self.children.get(slug, ()) if not self.categories[one].covers]
        return frozenset().union(*(self.leaves(one) for one in parts)) if parts else frozenset({slug})

    def scope_leaves(self, categories: Iterable[str], not_categories: Iterable[str] = ()) -> frozenset[str]:
        """The finest categories inside `categories` and outside `not_categories`."""
        inside = frozenset().union(*(self.leaves(slug) for slug in categories))
        return inside - frozenset().union(*(self.leaves(slug) for slug in not_categories))

    def map(self, source: str, words: str, group: str | None = None, month: int | None = None) -> str | None:
        """The category of a source's words (in a month, or as the source uses them now); None when unknown."""
        if source not in self.mappings:
            return None
        candidates = self.mappings[source].by_words.get(spelling(words), ())
        if group:
            candidates = tuple(one for one in candidates if not one.group or spelling(one.group) == spelling(group))
        if month is not None:
            candidates = tuple(one for one in candidates if one.valid_from <= month <= one.valid_to)
        latest = max(candidates, key=lambda one: one.valid_to, default=None)
        return latest.category if latest else None

    def labels(self, source: str) -> tuple[Label, ...]:
        """Every label of a source; empty when the source has none of its own."""
        return self.mappings[source].labels if source in self.mappings else ()

    def published(self, source: str, month: int) -> set[str]:
        """The categories that a source publishes in a month, stray labels left out."""
        if source not in self.mappings:
            return set()
        mapping = self.mappings[source]
        held = {one.category for one in mapping.labels if not one.minor and one.valid_from <= month <= one.valid_to}
        return held - set(mapping.not_published.get(source, ()))

    def breaks(self, source: str) -> tuple[Break, ...]:
        """Where a source's series do not continue."""
        return self.mappings[source].breaks if source in self.mappings else ()

    def nested(self, source: str) -> bool:
        """Whether the source may publish a total beside its parts."""
        return source in self.mappings and self.mappings[source].nested


def _categories(path: Path) -> dict[str, Category]:
    with path.open("rb") as file:
        rows: dict[str, dict[str, Any]] = tomllib.load(file)["category"]
    found = {slug: Category(slug=slug, **{**row, "covers": tuple(row.get("covers", ()))}) for slug, row in rows.items()}
    for one in found.values():
        for other in (one.parent, *one.covers):
            if other and other not in found:
                raise ValueError(f"{path.name}: category “{one.slug}” names “{other}”, which does not exist.")
    return found


def _mapping(path: Path, categories: Mapping[str, Category]) -> SourceMapping:
    with path.open("rb") as file:
        data = tomllib.load(file)
    labels = [Label(**row) for row in data.get("label", [])]
    labels += [
        Label(words=words, category=slug) for slug, several in data.get("words", {}).items() for words in several
    ]
    if "words" in data:
        labels += [
            Label(words=words, category=one.slug) for one in categories.values() for words in (one.slug, one.title)
        ]
    for label in labels:
        if label.category not in categories:
            raise ValueError(f"{path.name}: “{label.words}” is mapped to “{label.category}”, which does not exist.")
    by_words: dict[str, tuple[Label, ...]] = {}
    for label in labels:
        by_words[spelling(label.words)] = (*by_words.get(spelling(label.words), ()), label)
    breaks = tuple(Break(row["month"], tuple(row["categories"]), row["sentence"]) for row in data.get("break", []))
    missing = {source: tuple(slugs) for source, slugs in data.get("not_published", {}).items()}
    unplaced = tuple(data.get("unplaced", ()))
    return SourceMapping(tuple(data["sources"]), data["nested"], tuple(labels), breaks, missing, unplaced, by_words)


@cache
def load(folder: Path = FOLDER) -> Taxonomy:
    """Read the taxonomy. Raises ValueError that names the file and the entry at fault."""
    categories = _categories(folder / "categories.toml")
    mappings: dict[str, SourceMapping] = {}
    for path in sorted((folder / "mappings").glob("*.toml")):
        mapping = _mapping(path, categories)
        mappings.update(dict.fromkeys(mapping.sources, mapping))
    children: dict[str, tuple[str, ...]] = {}
    for one in categories.values():
        if one.parent:
            children[one.parent] = (*children.get(one.parent, ()), one.slug)
    return Taxonomy(categories, mappings, children)
