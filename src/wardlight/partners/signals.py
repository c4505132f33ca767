"""What partnerships tell the rest of the house, after commit."""

from __future__ import annotations

from django.dispatch import Signal

# Sent with partnership= when its own area was named or changed.
home_area_changed = Signal()
