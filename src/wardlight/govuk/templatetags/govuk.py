"""Template tags of the look: `{% load govuk %}`.

Tags, all with keyword arguments except the first:

- `{% govuk_button "Save" %}`, `href=` makes it a link; `kind="secondary"|"warning"|"start"`; `name=`, `value=`
- `{% govuk_tag "Imported" colour="green" %}`
- `{% govuk_table table %}`; `sort=True` gives sortable headings by query string; `caption_size="s"|"m"|"l"`
- `{% govuk_summary_list rows %}` of `components.Row` or (key, value) pairs
- `{% govuk_pagination page %}` of a Django `Page`; keeps the rest of the query string
- `{% govuk_inset "…" %}`, `{% govuk_warning "…" %}`, `{% govuk_notification "title" text="…" success=True %}`
- `{% govuk_details "Summary" %}…{% endgovuk_details %}`
- `{% govuk_figure figure %}` of a `components.Figure`: picture, interactive where possible, its table
- `{% govuk_empty "title" text="…" href="…" link="…" %}` for a place with nothing in it yet
- `{% govuk_progress 0.4 text="Reading June 2023" %}`
- `{% govuk_breadcrumbs crumbs %}` of `components.Link` or (text, href) pairs
- `{% govuk_error_summary form %}`; `{% govuk_error_prefix form %}` for the page's title
- `{% query_string page=2 %}`: this page's query string with some of it changed

Filters: `thousands`, `percent`, `signed_percent`, `long_date`, `long_time`, `month_name`.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from .. import numbers
from ..components import (
    NUMERIC_KINDS,
    Cell,
    DrawnTable,
    Figure,
    Heading,
    Link,
    Row,
    TableLike,
    Tag,
    cell_text,
    draw_table,
    sort_rows,
)

register = template.Library()
register.filter("thousands", numbers.thousands)
register.filter("percent", numbers.percent)
register.filter("signed_percent", numbers.signed_percent)
register.filter("long_date", numbers.long_date)
register.filter("long_time", numbers.long_time)
register.filter("month_name", numbers.month_name)


def _link(item: Link | tuple[str, str]) -> Link:
    return item if isinstance(item, Link) else Link(*item)


@register.inclusion_tag("govuk/components/button.html")
def govuk_button(
    text: str, href: str = "", kind: str = "", name: str = "", value: str = "", disabled: bool = False
) -> dict[str, Any]:
    classes = f"govuk-button govuk-button--{kind}" if kind else "govuk-button"
    return {
        "text": text, "href": href, "classes": classes, "start": kind == "start",
        "name": name, "value": value, "disabled": disabled,
    }  # fmt: skip


@register.simple_tag
def govuk_tag(text: str | Tag, colour: str = "grey") -> SafeString:
    tag = text if isinstance(text, Tag) else Tag(text, colour)
    return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', tag.colour, tag.text)


@register.inclusion_tag("govuk/components/table.html", takes_context=True)
def govuk_table(context: Context, table: TableLike, sort: bool = False, caption_size: str = "s") -> dict[str, Any]:
    drawn = _sorted(context["request"], table) if sort else draw_table(table)
    return {"table": drawn, "caption_size": caption_size}


def _sorted(request: HttpRequest, table: TableLike) -> DrawnTable:
    asked = request.GET.get("sort", "")
    key, descending = asked.removeprefix("-"), asked.startswith("-")
    known = key in [column.key for column in table.columns]
    headings = [_heading(request, column, key if known else "", descending) for column in table.columns]
    return draw_table(sort_rows(table, key, descending=descending) if known else table, headings=headings)


def _heading(request: HttpRequest, column: Any, key: str, descending: bool) -> Heading:
    numeric = column.kind in NUMERIC_KINDS
    sorted_by_this = column.key == key
    turn = not descending if sorted_by_this else numeric  # numbers are wanted largest first
    query = _changed(request, sort=f"{'-' if turn else ''}{column.key}", page=None)
    if not sorted_by_this:
        return Heading(column.title, numeric, query)
    return Heading(column.title, numeric, query, "descending" if descending else "ascending")


def _changed(request: HttpRequest, **changes: Any) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def query_string(context: Context, **changes: Any) -> str:
    return _changed(context["request"], **changes)


@register.inclusion_tag("govuk/components/cell.html")
def govuk_cell(value: Cell) -> dict[str, Any]:
    href = value.href if isinstance(value, Link) else ""
    return {"text": cell_text(value), "href": href, "colour": value.colour if isinstance(value, Tag) else ""}


@register.inclusion_tag("govuk/components/summary_list.html")
def govuk_summary_list(rows: Iterable[Row | tuple[str, Cell]]) -> dict[str, Any]:
    return {"rows": [row if isinstance(row, Row) else Row(*row) for row in rows]}


@register.inclusion_tag("govuk/components/pagination.html", takes_context=True)
def govuk_pagination(context: Context, page: Page[Any], label: str = "Pages") -> dict[str, Any]:
    request = context["request"]
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    links = [
        {
            "number": number if isinstance(number, int) else "",
            "href": _changed(request, page=number),
            "current": number == page.number,
        }
        for number in shown
    ]
    previous = _changed(request, page=page.previous_page_number()) if page.has_previous() else ""
    following = _changed(request, page=page.next_page_number()) if page.has_next() else ""
    return {
        "several": page.paginator.num_pages > 1,
        "links": links,
        "previous": previous,
        "next": following,
        "label": label,
    }


@register.simple_tag
def govuk_inset(text: str) -> SafeString:
    return format_html('<div class="govuk-inset-text">{}</div>', text)


@register.inclusion_tag("govuk/components/warning.html")
def govuk_warning(text: str) -> dict[str, Any]:
    return {"text": text}


@register.inclusion_tag("govuk/components/notification.html")
def govuk_notification(heading: str, text: str = "", success: bool = False, key: str = "notice") -> dict[str, Any]:
    return {"heading": heading, "text": text, "success": success, "key": key}


@register.simple_block_tag
def govuk_details(content: SafeString, summary: str, open: bool = False) -> SafeString:
    return format_html(
        '<details class="govuk-details"{}><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        mark_safe(" open") if open else "",
        summary,
        content,
    )


# A picture in a page cannot use the documents' own typeface: it falls back to the reader's plain one, not to a serif.
PAGE_TYPEFACE = 'font-family="Source Sans Pro, system-ui, Segoe UI, Roboto, Arial, sans-serif"'


@register.inclusion_tag("govuk/components/figure.html")
def govuk_figure(figure: Figure) -> dict[str, Any]:
    src = figure.src
    if figure.svg:
        text = figure.svg.replace('font-family="Source Sans Pro"', PAGE_TYPEFACE)
        src = "data:image/svg+xml;base64," + base64.b64encode(text.encode("utf-8")).decode("ascii")
    return {
        "figure": figure,
        "src": src,
        "spec_id": f"{figure.key}-spec",
        "spec": figure.spec,
        "table": draw_table(figure.table) if figure.table is not None else None,
    }


@register.inclusion_tag("govuk/components/empty.html")
def govuk_empty(title: str, text: str = "", href: str = "", link: str = "") -> dict[str, Any]:
    return {"title": title, "text": text, "href": href, "link": link}


@register.inclusion_tag("govuk/components/progress.html")
def govuk_progress(value: float, text: str = "") -> dict[str, Any]:
    return {"hundredths": round(max(0.0, min(1.0, value)) * 100), "text": text}


@register.inclusion_tag("govuk/components/breadcrumbs.html")
def govuk_breadcrumbs(crumbs: Iterable[Link | tuple[str, str]]) -> dict[str, Any]:
    return {"crumbs": [_link(crumb) for crumb in crumbs]}


@register.inclusion_tag("govuk/components/error_summary.html")
def govuk_error_summary(form: forms.BaseForm | forms.BaseFormSet[Any]) -> dict[str, Any]:
    forms_asked = form.forms if isinstance(form, forms.BaseFormSet) else [form]
    errors = [error for one in forms_asked if one.is_bound for error in _form_errors(one)]
    if isinstance(form, forms.BaseFormSet) and form.is_bound:
        errors = [Link(str(text)) for text in form.non_form_errors()] + errors
    return {"errors": errors}


def _form_errors(form: forms.BaseForm) -> list[Link]:
    errors = [Link(str(text)) for text in form.non_field_errors()]
    for name in form.errors:
        if name in form.fields:
            target = _first_control(form[name])
            errors += [Link(str(text), f"#{target}") for text in form.errors[name]]
    return errors


def _first_control(field: forms.BoundField) -> str:
    several = isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.MultiWidget)
    return f"{field.auto_id}_0" if several else field.auto_id


@register.simple_tag
def govuk_error_prefix(form: forms.BaseForm) -> str:
    return "Error: " if form.is_bound and form.errors else ""


@register.simple_tag
def widget_attributes(widget: Mapping[str, Any], base: str) -> SafeString:
    """The attributes of a widget, with its GOV.UK class, error and width classes worked out."""
    attrs = {name: value for name, value in widget["attrs"].items() if not name.startswith("data-label")}
    classes = [base, str(attrs.pop("class", ""))]
    if attrs.get("aria-invalid") == "true":
        classes.append(f"{base}--error")
    if width := attrs.pop("data-width", None):
        classes.append(f"{base}--width-{width}")
    attrs.pop("required", None)  # the form says so in words, in its own summary
    return flatatt({**attrs, "class": " ".join(filter(None, classes))})


@register.filter
def widget_kind(field: forms.BoundField) -> str:
    """How a field is laid out: a single checkbox, a group with a legend, a file, or one control."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    return "group" if field.use_fieldset else "single"


@register.filter
def part_label(widget: Mapping[str, Any]) -> str:
    return str(widget["attrs"].get("data-label", ""))


@register.filter
def option_hint(widget: Mapping[str, Any]) -> str:
    """A choice written as "Label – hint" shows the hint below its label."""
    return str(widget["label"]).partition(" – ")[2]


@register.filter
def option_label(widget: Mapping[str, Any]) -> str:
    return str(widget["label"]).partition(" – ")[0]
