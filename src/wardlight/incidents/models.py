"""Imports. The records themselves are Parquet files (see `incidents.store`); the database lists which of them count."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from wardlight.partners.models import Partnership, User


class Batch(models.Model):
    """One import, whole or not at all, and reversible. Readers open only the files of landed batches."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", "To be looked at"
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Being read"
        LANDED = "landed", "Imported"
        UNDONE = "undone", "Undone"
        FAILED = "failed", "Not imported"
        CLOSED = "closed", "Nothing imported"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="batches")
    source = models.SlugField(max_length=60, help_text="The name of a source in `incidents.sources`.")
    kind = models.CharField(max_length=20, blank=True, help_text="records, counts, outcomes or stops")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    files = models.JSONField(default=list, help_text="[{name, sha256, bytes, rows}]")
    mapping = models.JSONField(default=dict, help_text="How columns were read, for sources that need telling.")
    slices = models.JSONField(
        default=list, help_text="What this batch is a complete snapshot of; a later batch replaces it."
    )
    rows_read = models.PositiveIntegerField(default=0)
    rows_kept = models.PositiveIntegerField(default=0)
    rows_duplicate = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    quality = models.JSONField(
        default=dict,
        help_text="Counts for the coverage ledger: blanks, unplaced, repeated ids, label changes…",
    )
    first_month = models.PositiveIntegerField(null=True, help_text="202204")
    last_month = models.PositiveIntegerField(null=True)
    progress = models.FloatField(default=0)
    doing = models.CharField(max_length=200, blank=True)
    message = models.TextField(blank=True, help_text="Why it was not imported, in a sentence.")
    heartbeat_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_by_label = models.CharField(max_length=60)
    landed_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "batches"
        indexes: ClassVar = [models.Index(fields=["partnership", "status"], name="batch_status")]

    def __str__(self) -> str:
        return f"batch {self.pk}"


class RememberedMapping(models.Model):
    """How the columns of a spreadsheet were read last time, found again by its headings."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="remembered_mappings")
    source = models.SlugField(max_length=60)
    headings_digest = models.CharField(max_length=64)
    mapping = models.JSONField()
    used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["partnership", "source", "headings_digest"], name="one_mapping_a_heading")
        ]

    def __str__(self) -> str:
        return f"mapping for {self.source}"
