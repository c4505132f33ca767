"""Strategic assessments: what the methods found, the analyst's words, and the published versions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from wardlight.partners.models import Partnership, User
from wardlight.places.models import Area

from .periods import Period


class Assessment(models.Model):
    """An ordered set of findings about one area and period, compared with a period of equal length."""

    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Being worked out"
        READY = "ready", "Draft"
        FAILED = "failed", "Not worked out"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="assessments")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="assessments")
    title = models.CharField(max_length=200)
    first_month = models.PositiveIntegerField(help_text="202004")
    last_month = models.PositiveIntegerField(help_text="202103, inclusive")
    against_first_month = models.PositiveIntegerField(null=True)
    against_last_month = models.PositiveIntegerField(null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    message = models.TextField(blank=True)
    progress = models.FloatField(default=0)
    doing = models.CharField(max_length=200, blank=True)
    heartbeat_at = models.DateTimeField(null=True)
    seed = models.PositiveIntegerField(default=0)
    engine_version = models.CharField(max_length=40, blank=True)
    inputs = models.JSONField(
        default=list, help_text="[{batch, source, files, landed_at}] as they were when it was worked out"
    )
    annotations = models.JSONField(default=list, help_text="[{month, title}] drawn on the time axis")
    annex = models.JSONField(
        default=dict, help_text="{sources, coverage, refusals: tables or null; methods, not_seen: lists}"
    )
    created_at = models.DateTimeField(default=timezone.now)
    worked_out_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    replaces = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="replaced_by")

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def period(self) -> Period:
        return Period(self.first_month, self.last_month)

    @property
    def against(self) -> Period | None:
        if self.against_first_month is None or self.against_last_month is None:
            return None
        return Period(self.against_first_month, self.against_last_month)


class Chapter(models.Model):
    """A part of an assessment. When the data do not allow it, `missing` says what is missing and why."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="chapters")
    key = models.SlugField(max_length=40)
    title = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField()
    missing = models.TextField(
        blank=True, help_text="What is missing from the chapter, or from part of it, why, and how to get it."
    )
    words = models.TextField(blank=True, help_text="The analyst's own words, printed at the head of the chapter.")

    class Meta:
        ordering = ["order"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["assessment", "key"], name="chapter_key")]

    def __str__(self) -> str:
        return self.title


class Finding(models.Model):
    """One method's result with its uncertainty and one plain sentence that says it."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="findings")
    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="findings")
    key = models.CharField(max_length=160, help_text="Stable between runs: measure, method and comparator.")
    order = models.PositiveSmallIntegerField()
    measure = models.SlugField(max_length=80, blank=True)
    method = models.CharField(max_length=80)
    comparator = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=300)
    statement = models.TextField()
    how_sure = models.TextField(blank=True)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    n = models.FloatField(null=True)
    unit = models.CharField(max_length=200, blank=True)
    result = models.JSONField(
        default=dict, help_text="Everything else the method returned: rank, dispersion, p values…"
    )
    parameters = models.JSONField(default=dict)
    notes = models.JSONField(default=list, help_text="Caveats and 'definition differs' notes, as data.")
    table = models.JSONField(null=True, help_text="{caption, columns: [{key, title, kind}], rows: [[…]]}")
    chart = models.JSONField(null=True, help_text="A Vega-Lite specification")
    chart_digest = models.CharField(max_length=64, blank=True, help_text="The drawn SVG's file name under the home.")
    chart_alt = models.TextField(blank=True)
    weight = models.FloatField(default=0, help_text="How much it matters, for the choice of the summary's findings.")
    headline = models.BooleanField(default=False, help_text="In the one-page summary.")
    headline_order = models.PositiveSmallIntegerField(default=0)
    tabled = models.BooleanField(
        default=False, help_text="Stands in its chapter's table and in the JSON, without a paragraph of its own."
    )
    hidden = models.BooleanField(default=False)
    analyst_words = models.TextField(blank=True, help_text="Printed instead of the statement when not empty.")

    class Meta:
        ordering = ["chapter__order", "order"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["assessment", "key"], name="finding_key")]

    def __str__(self) -> str:
        return self.title


class ProposedPriority(models.Model):
    """A theme proposed for the strategy, on an open matrix of volume, harm, trend, comparison and concern."""

    class Status(models.TextChoices):
        SUGGESTED = "suggested", "Suggested by the matrix"
        PROPOSED = "proposed", "Proposed"
        DROPPED = "dropped", "Considered and left out"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="priorities")
    measure = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    matrix = models.JSONField(default=dict, help_text="{volume, harm, trend, comparison, concern}: each {score, says}")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SUGGESTED)
    reason = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order"]
        verbose_name_plural = "proposed priorities"

    def __str__(self) -> str:
        return self.title


class PublishedVersion(models.Model):
    """An assessment as it was published. Never changed; a correction is a new version."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="versions")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="published_assessments")
    number = models.PositiveSmallIntegerField()
    snapshot = models.JSONField(help_text="The whole document, as `assessment.queries.document` gives it.")
    digest = models.CharField(max_length=64)
    public = models.BooleanField(default=False, help_text="Shown on the public site.")
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-published_at"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["assessment", "number"], name="version_number")]

    def __str__(self) -> str:
        return f"version {self.number}"
