"""Downloads of an assessment as a document or as findings."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from wardlight.assessment import queries
from wardlight.assessment.models import Assessment
from wardlight.partners.access import role_required
from wardlight.partners.queries import current_partnership

from . import operations

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
}


@require_safe
@role_required()
def download(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The draft as it stands, as PDF, Word, Excel, a web page or JSON."""
    assessment = queries.assessment_of(partnership=current_partnership(request), pk=pk)
    if assessment is None or assessment.status != Assessment.Status.READY:
        raise Http404("There is no such finished assessment.")
    name = f"{slugify(assessment.title)}-{assessment.period.key.replace('..', '-to-')}.{ending}"
    response: HttpResponse
    if ending == "json":
        response = JsonResponse(queries.findings_json(assessment), safe=False, json_dumps_params={"indent": 1})
    elif ending in CONTENT_TYPES:
        accent = assessment.partnership.accent_colour
        content = operations.render(queries.document(assessment), ending, accent=accent)
        response = HttpResponse(content, content_type=CONTENT_TYPES[ending])
    else:
        raise Http404("An assessment can be had as PDF, Word, Excel, a web page or JSON.")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
