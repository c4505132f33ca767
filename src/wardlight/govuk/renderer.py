"""Draws Django forms as GOV.UK components: `{{ form }}` is all a page needs."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class GovukRenderer(TemplatesSetting):
    """Named by FORM_RENDERER. The templates of each widget are in `govuk/templates/django/forms/widgets/`."""

    form_template_name = "govuk/forms/form.html"
    formset_template_name = "govuk/forms/formset.html"
    field_template_name = "govuk/forms/field.html"
