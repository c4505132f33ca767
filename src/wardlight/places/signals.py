"""What places tell the rest of the house, after commit."""

from __future__ import annotations

from django.dispatch import Signal

# Sent with level="ward", vintage="2022" when boundaries of that set were loaded or replaced.
boundaries_loaded = Signal()
