"""Every read of assessments, scoped to a partnership."""

from .choosing import Choices, chapters_with_findings, choices, earlier
from .differences import Change, compare
from .documents import document, published_document
from .findings import findings_json
from .listing import Standing, assessment_of, assessments, latest_public, published, standing, versions

__all__ = [
    "Change",
    "Choices",
    "Standing",
    "assessment_of",
    "assessments",
    "chapters_with_findings",
    "choices",
    "compare",
    "document",
    "earlier",
    "findings_json",
    "latest_public",
    "published",
    "published_document",
    "standing",
    "versions",
]
