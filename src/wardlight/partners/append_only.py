"""Rows that are written once. Changing or deleting one is refused, one by one or in bulk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

from django.db import models


class AppendOnlyError(RuntimeError):
    """Somebody tried to change or delete what is only ever added to."""


def refuse(deed: str) -> NoReturn:
    raise AppendOnlyError(f"the audit trail is only ever added to: an event cannot be {deed}")


class AppendOnlyQuerySet(models.QuerySet[Any]):
    def update(self, **kwargs: Any) -> NoReturn:
        refuse("changed")

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> NoReturn:
        refuse("changed")

    def delete(self) -> NoReturn:
        refuse("deleted")


class AppendOnlyModel(models.Model):
    """Base class: `save` only adds, `delete` refuses."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            refuse("changed")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        refuse("deleted")
