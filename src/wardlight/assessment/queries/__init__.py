"""Every read of assessments, scoped to a partnership."""

from .differences import Change, compare
from .documents import document, published_document
from .findings import findings_json
from .listing import assessment_of, assessments, latest_public, published, versions

__all__ = [
    "Change",
    "assessment_of",
    "assessments",
    "compare",
    "document",
    "findings_json",
    "latest_public",
    "published",
    "published_document",
    "versions",
]
