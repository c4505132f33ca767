"""Hypothesis without a clock: the suite runs on busy machines."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("wardlight", deadline=None)
settings.load_profile("wardlight")
