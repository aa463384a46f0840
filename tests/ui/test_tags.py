"""The components: what they say, and to whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from ui import names
from ui.choices import Choice, OptionLabel, PeopleGroup
from ui.fields import RefsField
from ui.widgets import SplitDateTime, Typeahead

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@dataclass
class Person:
    display_name: str
    year_label: str = ""


MADDY = Person("Maddy Greenwood", "Year 1")
ROBERT = Person("<b>Robert</b>", "Year 3")


class SampleForm(forms.Form):
    text = forms.CharField(help_text="Say what happened.", widget=forms.Textarea)
    email = forms.EmailField(required=False)
    password = forms.CharField(required=False, widget=forms.PasswordInput)
    status = forms.ChoiceField(choices=[("a", "Active"), ("c", "Closed")], widget=forms.RadioSelect)
    categories = forms.MultipleChoiceField(
        choices=[("h", "Home Issues"), ("d", OptionLabel("Housing", depth=1)), ("m", "Medical")],
        widget=forms.CheckboxSelectMultiple,
    )
    at = forms.SplitDateTimeField(widget=SplitDateTime)
    alerts = RefsField(required=False, widget=Typeahead("/staff/", multiple=True))
    remember = forms.BooleanField(required=False)

    def clean(self) -> None:
        if self.data.get("clash"):
            raise forms.ValidationError("These two do not agree.")


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False), timezone.override(ZoneInfo("Europe/London")):
        yield


def render(source: str, **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(context)).strip()


def test_a_field_is_described_by_its_hint_and_its_error() -> None:
    html = render("{% ui_field form.text rows=9 %}", form=SampleForm({}))
    assert '<label class="govuk-label" for="id_text">Text</label>' in html
    assert 'aria-describedby="id_text-hint id_text-error"' in html
    assert 'id="id_text-hint"' in html
    assert 'id="id_text-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'rows="9"' in html


def test_a_field_without_hint_or_error_is_described_by_nothing() -> None:
    html = render("{% ui_field form.email autocomplete='username' %}", form=SampleForm())
    assert "describedby" not in html
    assert 'type="email"' in html
    assert 'autocomplete="username"' in html


def test_a_page_may_give_a_field_other_words() -> None:
    html = render("{% ui_field form.text label='Incident' hint='Be brief.' %}", form=SampleForm())
    assert ">Incident</label>" in html
    assert '<div id="id_text-hint" class="govuk-hint">Be brief.</div>' in html
    assert "Say what happened." not in html


def test_several_controls_stand_under_one_legend() -> None:
    html = render("{% ui_field form.status %}", form=SampleForm({}))
    assert '<fieldset class="govuk-fieldset" aria-describedby="id_status-error">' in html
    assert "</legend>" in html
    assert '<label class="govuk-label govuk-radios__label" for="id_status_1">Closed</label>' in html


def test_g6_02_a_sub_category_stands_beneath_its_own() -> None:
    html = render(
        "{% ui_field form.categories columns=2 %}", form=SampleForm({"categories": ["d"]})
    )
    beneath = html[html.index("ui-option__beneath") : html.index("Medical")]
    assert "Housing" in beneath
    assert "Home Issues" not in beneath
    assert 'value="d" id="id_categories_1" checked' in html
    assert "ui-columns" in html


def test_a_date_and_a_time_have_labels_and_the_devices_own_pickers() -> None:
    form = SampleForm(initial={"at": NOW})
    html = render("{% ui_field form.at %}", form=form)
    assert '<label class="govuk-label ui-split__label" for="id_at_0">Date</label>' in html
    assert 'type="date" name="at_0" value="2026-06-01"' in html
    assert 'type="time" name="at_1" value="13:00"' in html


def test_a_password_can_be_shown() -> None:
    html = render("{% ui_field form.password %}", form=SampleForm())
    assert 'aria-controls="id_password"' in html
    assert 'type="password"' in html
    assert "Show" in html


def test_a_count_tells_how_much_may_be_typed() -> None:
    html = render("{% ui_field form.text count=200 %}", form=SampleForm())
    assert 'data-maxlength="200"' in html
    assert 'aria-describedby="id_text-hint id_text-info"' in html


def test_the_summary_leads_to_the_first_control_of_each_field() -> None:
    html = render("{% ui_errors form %}", form=SampleForm({"clash": "1"}))
    assert "There is a problem" in html
    for control in ("id_text", "id_status_0", "id_categories_0", "id_at_0"):
        assert f'<a href="#{control}">This field is required.</a>' in html
    assert "<li>These two do not agree.</li>" in html


def test_there_is_no_summary_where_all_is_well() -> None:
    assert render("{% ui_errors form %}", form=SampleForm()) == ""


def test_g6_07_a_group_shows_how_many_it_holds_and_works_without_a_script() -> None:
    groups = [PeopleGroup("g1", "Safeguarding team", [Choice("r1", 'A "B" Cohen', "DSL")])]
    html = render(
        "{% ui_groups form.alerts groups name='alert_groups' legend='Alert groups' %}",
        form=SampleForm(),
        groups=groups,
    )
    assert 'type="checkbox" name="alert_groups" value="g1"' in html
    assert "A \\&quot;B\\&quot; Cohen" in html
    assert "1 person" in html
    assert 'data-for="id_alerts"' in html


def test_buttons() -> None:
    assert 'data-prevent-double-click="true"' in render("{% ui_button 'Add Incident' %}")
    assert "govuk-button--secondary" in render("{% ui_button 'Cancel' 'secondary' %}")
    link = render("{% ui_button 'Add Action' href=url %}", url="/x/?a=1&b=2")
    assert 'href="/x/?a=1&amp;b=2"' in link


def test_a_tag_is_in_words() -> None:
    assert render("{% ui_tag label 'ok' %}", label="<Closed>") == (
        '<span class="ui-tag ui-tag--ok">&lt;Closed&gt;</span>'
    )
    with pytest.raises(ValueError, match="no such kind"):
        render("{% ui_tag 'Closed' 'pink' %}")


def test_g2_02_a_moment_is_in_words_and_exact_on_demand() -> None:
    html = render("{% ui_when at %}", at=datetime(2026, 6, 1, 5, 0, tzinfo=UTC))
    assert "7 hours ago" in html
    assert 'datetime="2026-06-01T06:00:00+01:00"' in html
    assert 'title="Monday 1 June 2026, 06:00"' in html
    assert '<span class="govuk-visually-hidden">, Monday 1 June 2026, 06:00</span></time>' in html


def test_days_and_exact_moments() -> None:
    assert render("{% ui_on day %}", day=date(2022, 2, 7)) == (
        '<time datetime="2022-02-07">Mon 7 Feb 2022</time>'
    )
    assert "Monday 1 June 2026, 13:00" in render("{% ui_at at %}", at=NOW)


def test_g2_02_a_student_is_named_with_their_year() -> None:
    html = render("{% student_label s %}", s=MADDY)
    assert html == (
        '<span class="ui-student">Maddy Greenwood</span><span class="ui-year">, Year 1</span>'
    )
    assert names.label_text(MADDY) == "Maddy Greenwood, Year 1"
    assert names.label_text(Person("Elsie Davies")) == "Elsie Davies"


def test_g2_04_an_incident_without_a_student_is_the_whole_schools() -> None:
    assert "Whole School Incident" in render("{% student_label None %}")
    assert names.label_text(None) == "Whole School Incident"


def test_t41_a_name_with_markup_is_shown_as_text() -> None:
    source = "{% student_name s %}{% student_label s %}{% staff_name s %}{% ui_identity s %}{% endui_identity %}"
    html = render(source, s=ROBERT)
    assert "<b>" not in html
    assert html.count("&lt;b&gt;Robert&lt;/b&gt;") == 4


def test_t41_what_a_block_holds_is_escaped_once() -> None:
    html = render(
        "{% ui_notice %}<p>{{ text }}</p>{% endui_notice %}"
        "{% ui_facts %}{% ui_fact label %}{{ text }}{% endui_fact %}{% endui_facts %}",
        text="<i>x</i>",
        label="A & B",
    )
    assert "<p>&lt;i&gt;x&lt;/i&gt;</p>" in html
    assert "A &amp; B" in html
    assert "&amp;lt;" not in html


def test_g2_02_a_row_holds_everything_and_one_link() -> None:
    html = render(
        "{% ui_row '/i/1/' 'Incident' student=s by=s at=at %}{% ui_tag 'Medical' %}{% endui_row %}",
        s=MADDY,
        at=NOW,
    )
    assert html.count("<a ") == 1
    for words in ("Maddy Greenwood", "Year 1", "Medical", ">Incident</a>", "by", "just now"):
        assert words in html


def test_g5_06_an_entry_says_what_by_whom_and_when() -> None:
    html = render(
        "{% ui_timeline %}{% ui_entry 'Telephone call' by=s at=at anchor='a1' %}<p>Spoke.</p>{% endui_entry %}{% endui_timeline %}",
        s=MADDY,
        at=NOW,
    )
    assert '<li class="moj-timeline__item" id="a1">' in html
    assert "<p>Spoke.</p>" in html
    assert "just now" in html


def test_a_count_is_read_with_its_noun_and_none_is_nothing() -> None:
    assert render("{% ui_count 0 'unread' %}") == ""
    assert "12<span" in render("{% ui_count 12 'unread' %}")


@pytest.mark.parametrize(
    ("length", "words"), [(0, "1 KB"), (248_000, "248 KB"), (1_500_000, "1.5 MB")]
)
def test_a_files_length_is_in_words(length: int, words: str) -> None:
    assert render("{% ui_size n %}", n=length) == words


def test_g2_05_a_long_list_pages_and_keeps_the_rest_of_the_address() -> None:
    request = RequestFactory().get("/", {"q": "a b", "alerts": "2"})
    page = Paginator(range(100), 10).page(2)
    html = render("{% ui_pages page param='alerts' label='Alert' %}", page=page, request=request)
    assert 'aria-label="Pages: Alert"' in html
    assert 'href="?q=a+b&amp;alerts=3" rel="next"' in html
    assert html.count('aria-current="page"') == 1


def test_g2_05_a_short_list_has_no_pages() -> None:
    assert render("{% ui_pages page %}", page=Paginator(range(3), 10).page(1)) == ""
    assert render("{% ui_empty 'Nobody has alerted you.' %}") == (
        '<p class="ui-empty">Nobody has alerted you.</p>'
    )


def test_a_share_is_drawn_as_long_as_it_is_and_says_nothing():
    drawn = render("{% ui_share 1 4 %}")
    assert 'class="ui-share__part" width="25.0"' in drawn
    assert 'aria-hidden="true"' in drawn
    assert 'class="ui-share__part" width="0"' in render("{% ui_share 0 0 %}")
