"""Every write of assessments: keyword-only, audited, in short transactions. Nothing is open while numbers are worked out."""

from .assessing import assess, request, rerun, sweep_stale, work_out
from .editing import edit_chapter, edit_finding, order_findings, set_headlines, set_priority
from .publishing import publish

__all__ = [
    "assess",
    "edit_chapter",
    "edit_finding",
    "order_findings",
    "publish",
    "request",
    "rerun",
    "set_headlines",
    "set_priority",
    "sweep_stale",
    "work_out",
]
