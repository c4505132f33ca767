"""What places tell the rest of the house, after commit."""

from __future__ import annotations

from django.dispatch import Signal

# Sent with level="ward", vintage="2022" when boundaries of that set were loaded or replaced.
boundaries_loaded = Signal()

# Sent once for a whole loading of files, when boundaries or populations were loaded: what rates are divided by, and which
# areas there are, may be others now.
denominators_changed = Signal()
