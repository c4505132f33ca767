"""What is measured (definitions, shared and shipped as data) and what came of it (readings, by partnership)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from wardlight.partners.models import Partnership
from wardlight.places.models import Area


class Scope(models.Model):
    """A named, versioned filter of records or counts. `definition` is read by `incidents.filters.RecordFilter`."""

    slug = models.SlugField(max_length=80)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    definition = models.JSONField()
    owner = models.CharField(
        max_length=200, blank=True, help_text="Whose definition it is: Home Office, City of London…"
    )
    valid_from = models.DateField(null=True)

    class Meta:
        ordering = ["title"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["slug", "version"], name="scope_version")]

    def __str__(self) -> str:
        return self.title


class Measure(models.Model):
    """A definition: scope, statistic, denominator, which direction is good, and how it is compared."""

    class Direction(models.TextChoices):
        UP = "up", "Higher is better"
        DOWN = "down", "Lower is better"
        PARITY = "parity", "Equal is better"
        BAND = "band", "Within a band is better"
        MONITOR = "monitor", "Watched, neither way is better"

    slug = models.SlugField(max_length=80)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    description = models.TextField()
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="measures")
    statistic = models.CharField(max_length=30, help_text="count, rate, share, distinct-victims, detected-share…")
    denominator = models.CharField(
        max_length=30, blank=True, help_text="residents, workday, premises, or a scope slug for shares"
    )
    multiplier = models.PositiveIntegerField(default=1)
    unit = models.CharField(max_length=200)
    direction = models.CharField(max_length=10, choices=Direction.choices)
    frequency = models.CharField(max_length=10, default="month")
    paired_with = models.SlugField(max_length=80, blank=True)
    caveat = models.TextField(
        blank=True, help_text="What a reader must know before using it, such as how recording affects it."
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "title"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["slug", "version"], name="measure_version")]

    def __str__(self) -> str:
        return self.title


class Reading(models.Model):
    """One value of a measure for an area and period, computed from one source's landed batches."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="readings")
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="readings")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="readings")
    source = models.SlugField(max_length=60)
    group = models.CharField(max_length=120, blank=True)
    first_month = models.PositiveIntegerField(help_text="202204")
    last_month = models.PositiveIntegerField(help_text="The same as first_month for a monthly reading.")
    numerator = models.FloatField()
    denominator = models.FloatField(null=True)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    method = models.CharField(max_length=60)
    note = models.CharField(max_length=200, blank=True)
    computed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["first_month"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partnership", "measure", "area", "source", "group", "first_month", "last_month"],
                name="one_reading_a_period",
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_month}: {self.value}"
