"""Sent after a batch has landed or been undone, once its transaction is committed. `measures` listens; never the other way."""

from django.dispatch import Signal

batch_landed = Signal()  # batch: Batch
batch_undone = Signal()  # batch: Batch
