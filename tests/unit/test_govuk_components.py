"""Tables, figures and forms, as the template tags draw them."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from wardlight.config.strict_templates import UndefinedVariable
from wardlight.govuk.components import Column, Figure, Link, Row, Table, Tag, cell_text, draw_table, sort_rows
from wardlight.govuk.fields import DatePartsField, MonthField

ROBBERY = Table(
    "Robbery by borough",
    [Column("area", "Area"), Column("count", "Recorded", "count"), Column("change", "Change", "percent")],
    [[Link("Islington", "/places/1/"), 922, -40.6], ["Camden", 917, None], [Tag("New", "green"), 1553, 3.0]],
    "Recorded crime.",
)


def draw(text: str, path: str = "/", **context) -> str:
    request = RequestFactory().get(path)
    return Template("{% load govuk %}" + text).render(Context({"request": request, **context}))


class Tags(HTMLParser):
    VOID = {"input", "img", "br", "link", "meta", "path", "hr"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert "style" not in dict(attrs), "the content security policy forbids inline styles"
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def well_formed(html: str) -> str:
    parser = Tags()
    parser.feed(html)
    assert parser.open == []
    return html


def test_a_table_writes_numbers_links_and_tags() -> None:
    html = well_formed(draw("{% govuk_table table %}", table=ROBBERY))
    assert "−40.6%" in html
    assert '<a class="govuk-link" href="/places/1/">Islington</a>' in html
    assert 'data-title="Recorded">1,553<' in html
    assert "govuk-tag--green" in html
    assert 'data-title="Change">–<' in html


def test_a_table_sorts_by_query_string_without_scripts() -> None:
    html = draw("{% govuk_table table sort=True %}", "/?sort=-count&q=knife", table=ROBBERY)
    assert html.index("1,553") < html.index("922") < html.index("917")
    assert 'aria-sort="descending"' in html
    assert "q=knife" in html


def test_an_unknown_sort_leaves_the_order_alone() -> None:
    html = draw("{% govuk_table table sort=True %}", "/?sort=nonsense", table=ROBBERY)
    assert html.index("Islington") < html.index("Camden")


@given(st.lists(st.one_of(st.none(), st.integers(), st.floats(allow_nan=False)), max_size=30), st.booleans())
def test_sorting_keeps_every_row_and_puts_blanks_last(values: list[float | None], descending: bool) -> None:
    table = Table("", [Column("n", "N", "count")], [[value] for value in values])
    after = [row[0] for row in sort_rows(table, "n", descending=descending).rows]
    filled = [value for value in after if value is not None]
    assert filled == sorted(filled, reverse=descending)
    assert after[len(filled) :] == [None] * values.count(None)
    assert len(after) == len(values)


def test_a_row_of_the_wrong_length_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        draw_table(Table("", [Column("a", "A"), Column("b", "B")], [["one"]]))


def test_words_are_escaped() -> None:
    table = Table("<script>", [Column("a", "<b>")], [["<i>"]])
    html = draw(
        "{% govuk_table table %}{% govuk_tag under %}{% govuk_inset words %}", table=table, words="<s>", under="<u>"
    )
    for raw in ("<script>", "<b>", "<i>", "<u>", "<s>"):
        assert raw not in html


def test_a_figure_keeps_its_picture_words_and_numbers() -> None:
    figure = Figure(
        "robbery", "Robbery fell", "A line that falls.", svg="<svg/>", spec={"x": "</script>"}, table=ROBBERY
    )
    html = well_formed(draw("{% govuk_figure figure %}", figure=figure))
    assert 'alt="A line that falls."' in html
    assert 'src="data:image/svg+xml;base64,' in html
    assert 'data-chart="robbery-spec"' in html
    assert "Show the numbers" in html
    assert html.count("</script>") == 1


def test_a_figure_without_a_picture_says_what_it_would_show() -> None:
    html = well_formed(draw("{% govuk_figure figure %}", figure=Figure("k", "T", "In words.")))
    assert '<p class="govuk-body">In words.</p>' in html
    assert "data-chart" not in html


def test_pagination_keeps_the_rest_of_the_query() -> None:
    page = Paginator(range(100), 10).page(2)
    html = well_formed(draw("{% govuk_pagination page %}", "/?verb=end&page=2", page=page))
    assert 'href="?verb=end&amp;page=3" rel="next"' in html
    assert 'aria-current="page"' in html
    assert draw("{% govuk_pagination page %}", page=Paginator([1], 10).page(1)).strip() == ""


def test_small_components_are_well_formed() -> None:
    html = draw(
        '{% govuk_button "Save" name="a" value="b" %}{% govuk_button "Go" href="/x/" kind="start" %}'
        '{% govuk_summary_list rows %}{% govuk_warning "Careful" %}{% govuk_notification "Hello" success=True %}'
        '{% govuk_details "More" %}<p>words</p>{% endgovuk_details %}{% govuk_empty "None" text="a" href="/" link="b" %}'
        '{% govuk_progress 0.414 text="Reading" %}{% govuk_breadcrumbs crumbs %}',
        rows=[Row("Name", "Ada", Link("Change", "/c/")), ("Since", None)],
        crumbs=[("Home", "/"), Link("Here")],
    )
    assert 'value="41"' in well_formed(html)
    assert "<p>words</p>" in html


def test_cells() -> None:
    assert cell_text(41.0, "percent") == "41%"
    assert cell_text("", "text") == "–"
    assert cell_text(2021, "text") == "2021"


class Everything(forms.Form):
    name = forms.CharField(help_text="In full.")
    words = forms.CharField(widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(choices=[("a", "First – the first one"), ("b", "Second")], widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(choices=[("a", "One"), ("b", "Two")], widget=forms.CheckboxSelectMultiple)
    pick = forms.ChoiceField(choices=[("a", "Apple")])
    agree = forms.BooleanField()
    file = forms.FileField()
    on = DatePartsField()
    month = MonthField()
    secret = forms.CharField(widget=forms.PasswordInput)
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)


def test_every_widget_is_drawn_as_a_component() -> None:
    html = well_formed(str(Everything()))
    for part in ("input", "textarea", "radios", "checkboxes", "select", "file-upload", "date-input"):
        assert f"govuk-{part}" in html
    assert '<div class="govuk-hint govuk-radios__hint" id="id_kind_0_hint">the first one</div>' in html
    assert 'aria-describedby="id_name_helptext"' in html
    assert " required" not in html
    assert 'type="hidden" name="hidden"' in html


def test_errors_are_in_the_field_and_in_a_summary_that_links_to_it() -> None:
    form = Everything({})
    html = well_formed(str(form))
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert "govuk-input--error" in html
    summary = well_formed(draw("{% govuk_error_summary form %}", form=form))
    for control in ("id_name", "id_kind_0", "id_many_0", "id_on_0", "id_month_0"):
        assert f'href="#{control}"' in summary
        assert f'id="{control}"' in html


def test_a_form_nobody_sent_has_no_summary() -> None:
    assert draw("{% govuk_error_summary form %}{% govuk_error_prefix form %}", form=Everything()).strip() == ""


@pytest.mark.parametrize(
    ("day", "month", "year", "right"),
    [("29", "2", "2024", True), ("29", "2", "2023", False), ("x", "2", "2023", False)],
)
def test_a_date_in_parts(day: str, month: str, year: str, right: bool) -> None:
    class When(forms.Form):
        on = DatePartsField()

    assert When({"on_0": day, "on_1": month, "on_2": year}).is_valid() is right


def test_a_month_in_parts_is_a_number() -> None:
    class Which(forms.Form):
        month = MonthField()

    form = Which({"month_0": "4", "month_1": "2020"})
    assert form.is_valid()
    assert form.cleaned_data["month"] == 202004
    assert 'value="2020"' in str(Which(initial={"month": 202004}))
    assert not Which({"month_0": "4", "month_1": "20"}).is_valid()


def test_a_variable_that_is_not_there_is_an_error() -> None:
    with pytest.raises(UndefinedVariable, match="nobody"):
        draw("{{ nobody.name }}")


def test_percentages_of_a_column_have_the_same_decimals_and_no_minus_nought() -> None:
    table = Table(
        "Changes",
        [Column("area", "Area"), Column("change", "Change", "percent")],
        [["A", -12.0], ["B", -0.04], ["C", 7.25]],
    )
    assert [row[1].text for row in draw_table(table).rows] == ["−12.0%", "0.0%", "7.2%"]
