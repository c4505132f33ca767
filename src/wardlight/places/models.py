"""Areas of any level, their boundaries and denominators, and premises.

Areas, boundaries, populations and the list of files they came from are shared by all partnerships; premises belong
to one.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from wardlight.partners.models import Partnership

NO_UPPER_AGE = 999


class Area(models.Model):
    """A place with a code, a level and a vintage.

    An area first met by name only (in a count table) has a code that starts with `name:` and vintage "" until
    a boundary or population file of the same level and name gives it a proper one.
    """

    level = models.SlugField(max_length=30, help_text="region, force, borough, ward, msoa, lsoa, grid… lower case")
    code = models.CharField(max_length=120)
    vintage = models.CharField(max_length=20, blank=True, help_text="The year of the boundary set, such as 2021.")
    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="children")

    class Meta:
        ordering = ["level", "name", "vintage"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["level", "code", "vintage"], name="area_code_in_vintage")
        ]
        indexes: ClassVar = [
            models.Index(fields=["level", "name"], name="area_level_name"),
            models.Index(fields=["code"], name="area_code"),
        ]

    def __str__(self) -> str:
        return self.name


class Boundary(models.Model):
    """The shape of an area: WKB in British National Grid (EPSG:27700), metres."""

    area = models.OneToOneField(Area, on_delete=models.CASCADE, primary_key=True, related_name="boundary")
    wkb = models.BinaryField()
    min_x = models.FloatField()
    min_y = models.FloatField()
    max_x = models.FloatField()
    max_y = models.FloatField()
    square_metres = models.FloatField()
    repair = models.CharField(
        max_length=200, blank=True, help_text="What was wrong with the shape as supplied, if anything."
    )
    source = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"boundary of area {self.pk}"


class Population(models.Model):
    """A denominator of an area: residents by year, age band, sex and ethnicity; or workday population, premises…"""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="populations")
    kind = models.SlugField(max_length=30, default="residents", help_text="residents, workday, premises, households…")
    year = models.PositiveSmallIntegerField()
    age_from = models.PositiveSmallIntegerField(default=0)
    age_to = models.PositiveSmallIntegerField(default=NO_UPPER_AGE, help_text="Inclusive.")
    sex = models.CharField(max_length=10, blank=True, help_text="female, male or empty for all.")
    ethnicity = models.CharField(max_length=120, blank=True, help_text="Empty for all.")
    value = models.PositiveIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area", "kind", "year", "age_from", "age_to", "sex", "ethnicity"],
                name="one_population_a_group",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year} of area {self.area_id}"


class Premises(models.Model):
    """Licensed premises, schools, stations: places with a key that incident records may carry."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="premises")
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    kind = models.SlugField(max_length=40)
    members_only = models.BooleanField(default=False)
    x = models.FloatField(null=True, help_text="Easting in metres")
    y = models.FloatField(null=True, help_text="Northing in metres")

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "premises"
        constraints: ClassVar = [models.UniqueConstraint(fields=["partnership", "key"], name="premises_key")]

    def __str__(self) -> str:
        return self.name


class LoadedFile(models.Model):
    """A boundary or population file that was taken in: what it held, what was repaired and what was refused."""

    class Kind(models.TextChoices):
        BOUNDARIES = "boundaries", "Boundaries"
        POPULATIONS = "populations", "Populations"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    level = models.SlugField(max_length=30)
    vintage = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows_read = models.PositiveIntegerField()
    rows_loaded = models.PositiveIntegerField()
    repaired = models.JSONField(default=list)
    refused = models.JSONField(default=list)
    loaded_at = models.DateTimeField(default=timezone.now)
    loaded_by_label = models.CharField(max_length=60)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
