"""Every model belongs to a partnership, except those that are shared and say so here."""

from __future__ import annotations

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command

SHARED = {
    "partners.partnership", "partners.user",
    "places.area", "places.boundary", "places.population", "places.loadedfile",
    "measures.scope", "measures.measure",
}  # fmt: skip


def reaches_a_partnership(model: type, seen: frozenset[type] = frozenset()) -> bool:
    if model._meta.label_lower == "partners.partnership":
        return True
    parents = [
        field.related_model
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model not in seen | {model}
    ]
    return any(reaches_a_partnership(parent, seen | {model}) for parent in parents)


def test_every_row_has_a_partnership_or_is_shared() -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("wardlight.")]
    assert ours
    for model in ours:
        if model._meta.label_lower not in SHARED:
            assert reaches_a_partnership(model), f"{model._meta.label} belongs to no partnership"


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())
