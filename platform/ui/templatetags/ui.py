"""Components as template tags: ``{% load ui %}``. Each is shown on the style page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.http import QueryDict
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from ui import icons, moments, names, rendering
from ui.choices import PeopleGroup
from ui.widgets import values_of

register = template.Library()

TAG_KINDS = frozenset({"plain", "primary", "accent", "attention", "danger", "ok"})
BUTTON_KINDS = {
    "": "", "secondary": "govuk-button--secondary", "danger": "govuk-button--warning", "quiet": "ui-button--quiet",
}  # fmt: skip
NOTICE_KINDS = {
    "info": "info", "success": "success", "warning": "warning", "error": "warning", "debug": "info",
}  # fmt: skip


# Fields and forms


@register.simple_tag
def ui_field(field: BoundField, **settings: Any) -> SafeString:
    """A form field with its label, hint, error and control.

    Args:
        field: The field on its form.
        settings: label, hint, size ("m"), width (2, 3, 4, 5, 10, 20), rows, count (most characters), columns (2),
            inline, autocomplete, inputmode, groups (alert groups beneath a typeahead).
    """
    context = rendering.field_context(field, settings)
    return render_to_string("ui/field/field.html", context)


@register.inclusion_tag("ui/component/errors.html")
def ui_errors(*checked: forms.BaseForm | str) -> dict[str, Any]:
    """The summary of everything wrong with one or more forms; nothing where all is well.

    A form that this reader's page does not have comes as an empty string, and is passed over.
    """
    shown = [form for form in checked if isinstance(form, forms.BaseForm)]
    found = [
        {"id": rendering.first_control_id(bound), "message": message}
        for form in shown
        for bound in form
        for message in bound.errors
    ]
    general = [message for form in shown for message in form.non_field_errors()]
    return {"found": found, "general": general}


@register.inclusion_tag("ui/component/groups.html")
def ui_groups(
    chooser: BoundField, groups: Sequence[PeopleGroup], name: str, legend: str = ""
) -> dict[str, Any]:
    """Toggle buttons that put everyone of a group in a typeahead, or take them out.

    Args:
        chooser: The typeahead's field.
        groups: Each with ref, label and members (choices).
        name: What a group is posted as where there is no JavaScript.
        legend: Words over the row; without them it is named by its one button.
    """
    return {
        "chooser": chooser,
        "groups": groups,
        "name": name,
        "legend": legend,
        "ticked": values_of(chooser.form.data, name),
    }


@register.inclusion_tag("ui/component/name_check.html")
def ui_name_check(
    text: BoundField,
    source_url: str,
    *,
    student: BoundField | None = None,
    linked: BoundField | None = None,
    chosen: Iterable[Any] = (),
) -> dict[str, Any]:
    """Lines beneath a text that say which students it names who are not linked; needs JavaScript.

    Args:
        text: The text's field.
        source_url: Where it is asked whom a text names.
        student: Typeahead of the one student whom it is about; filled first while it is empty.
        linked: Typeahead of linked students, into which ‘Link’ puts a student.
        chosen: References of students who are linked already and cannot be changed here.
    """
    return {
        "text": text,
        "source_url": source_url,
        "student": student,
        "linked": linked,
        "chosen": " ".join(map(str, chosen)),
    }


@register.simple_tag
def ui_button(
    label: str,
    kind: str = "",
    *,
    href: str = "",
    name: str = "",
    value: str = "",
    busy: str = "",
    action: str = "",
) -> SafeString:
    """A button, or a link that looks like one.

    Args:
        label: The action's name.
        kind: "" (filled), "secondary", "danger" or "quiet".
        href: Makes it a link.
        name: Posted with value when this one of several was pressed.
        value: See name.
        busy: Words shown while files are still on their way.
        action: Where it posts its form to, if not where the form goes.
    """
    classes = f"govuk-button {BUTTON_KINDS[kind]}".rstrip()
    if href:
        return format_html(
            '<a href="{}" role="button" draggable="false" class="{}" data-module="govuk-button">{}</a>',
            href,
            classes,
            label,
        )
    said = {"formaction": action, "data-busy": busy}
    said = {"name": name, "value": value, **said} if name else said
    return format_html(
        '<button type="submit" class="{}" data-module="govuk-button" data-prevent-double-click="true"{}>{}</button>',
        classes,
        flatatt({key: words for key, words in said.items() if words or key == "value"}),
        label,
    )


@register.inclusion_tag("ui/component/passkey.html")
def ui_passkey(
    field: BoundField, options: Any, label: str, *, is_new: bool = False
) -> dict[str, Any]:
    """A button that asks the browser for a passkey or security key; it sends the form it is in.

    Args:
        field: Hidden; takes the browser's answer as JSON.
        options: What the browser is asked, as WebAuthn has it in JSON: ``{"publicKey": {...}}``.
        label: The button's name.
        is_new: A new key is made, rather than one shown.
    """
    asked = json.dumps(options, default=dict)
    return {"field": field, "options": asked, "label": label, "is_new": is_new}


# Words and moments


@register.simple_tag
def ui_tag(label: str, kind: str = "plain") -> SafeString:
    """A small label in words. Kinds: plain, primary, accent, attention, danger, ok."""
    if kind not in TAG_KINDS:
        raise ValueError(f"no such kind of tag: {kind}")
    return format_html('<span class="ui-tag ui-tag--{}">{}</span>', kind, label)


@register.simple_tag
def ui_when(instant: datetime) -> SafeString:
    """“7 hours ago”, with the exact time on hover and to screen readers."""
    return format_html(
        '<time class="ui-when" datetime="{}" title="{exact}"><span data-ago>{}</span>'
        '<span class="govuk-visually-hidden">, {exact}</span></time>',
        timezone.localtime(instant).isoformat(),
        moments.ago(instant, timezone.now()),
        exact=moments.exact(instant),
    )


@register.simple_tag
def ui_ago_words() -> str:
    """The words of ``ui_when`` for the script that keeps them true, as JSON."""
    return json.dumps(moments.words_ago(), separators=(",", ":"))


@register.simple_tag
def ui_on(day: date | datetime) -> SafeString:
    """A day, such as “Mon 7 Feb 2022”."""
    return format_html('<time datetime="{}">{}</time>', _iso_day(day), moments.day_of(day))


@register.simple_tag
def ui_at(instant: datetime) -> SafeString:
    """An exact moment, such as “Monday 7 February 2022, 10:00”."""
    local = timezone.localtime(instant)
    return format_html(
        '<time datetime="{}">{}</time>', local.isoformat(), moments.exact_local(local)
    )


@register.simple_tag
def ui_second(instant: datetime) -> SafeString:
    """A moment to the second, such as “24 Nov 2026, 14:03:05”."""
    local = timezone.localtime(instant)
    return format_html(
        '<time class="ui-second" datetime="{}">{}</time>',
        local.isoformat(),
        moments.to_the_second(local),
    )


def _iso_day(day: date | datetime) -> str:
    local = timezone.localtime(day).date() if isinstance(day, datetime) else day
    return local.isoformat()


@register.simple_tag
def student_name(student: names.Named | None) -> SafeString:
    """A student's name; ``None`` is the whole school."""
    return names.name_html(student)


@register.simple_tag
def student_label(student: names.Named | None) -> SafeString:
    """A student's name and year: “Maddy Greenwood, Year 1”."""
    return names.label_html(student)


@register.simple_tag
def record_text(text: str, students: Iterable[names.NamedInTexts]) -> SafeString:
    """What somebody typed about students; with names hidden, without theirs.

    Args:
        text: As it was typed.
        students: Those linked to what it is about; an empty list where there are none.
    """
    return names.record_html(text, _known(students))


@register.simple_tag
def file_name(name: str, students: Iterable[names.NamedInTexts]) -> str:
    """The name of a file about students, as plain text; with names hidden, without theirs."""
    return names.file_name(name, _known(students))


def _known(students: Any) -> Iterable[names.NamedInTexts]:
    # A variable that a template misspells is an empty string, with which no name would be hidden.
    if isinstance(students, str) or students is None:
        raise TypeError("Say which students a text is about; an empty list where there are none.")
    found: Iterable[names.NamedInTexts] = students
    return found


@register.simple_tag
def staff_name(staff: Any) -> SafeString:
    """A member of staff, by ``display_name``."""
    return format_html('<span class="ui-staff">{}</span>', staff.display_name)


@register.simple_tag
def ui_count(number: int, noun: str = "") -> SafeString:
    """A count in a badge beside a heading, read out with its noun; nothing for none."""
    if not number:
        return SafeString("")
    return format_html(
        '<span class="moj-notification-badge">{}<span class="govuk-visually-hidden"> {}</span></span>',
        number,
        noun,
    )


@register.simple_tag
def ui_size(length: int) -> str:
    """A file's length as people say it: “240 KB”."""
    if length < 1_000_000:
        return f"{max(1, round(length / 1000))} KB"
    return f"{length / 1_000_000:.1f} MB"


@register.simple_tag
def ui_share(part: int, whole: int) -> SafeString:
    """A part of a whole as a bar beneath its figure, which says the same to screen readers."""
    share = round(100 * part / whole, 1) if whole else 0
    return format_html(
        '<svg class="ui-share" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"'
        ' focusable="false"><rect class="ui-share__whole" width="100" height="1"/>'
        '<rect class="ui-share__part" width="{}" height="1"/></svg>',
        share,
    )


@register.simple_tag
def ui_icon(name: str) -> SafeString:
    """A line drawing that says nothing by itself: words stand beside it."""
    return icons.svg(name)


# Blocks of a page


@register.inclusion_tag("ui/component/empty.html")
def ui_empty(sentence: str) -> dict[str, Any]:
    """One kind sentence where there is nothing to list."""
    return {"sentence": sentence}


@register.inclusion_tag("ui/component/pages.html", takes_context=True)
def ui_pages(
    context: Context, page: Page[Any], param: str = "page", label: str = ""
) -> dict[str, Any]:
    """Links to the other pages of a list; nothing where there is one page.

    Args:
        context: The page's own, for the rest of the address.
        page: A page of ``Paginator``.
        param: Its name in the address, where one page has several lists.
        label: What is paged, where one page has several lists.
    """
    query = _query_of(context)

    def link(number: int | str) -> dict[str, Any]:
        query[param] = str(number)
        return {"number": number, "href": f"?{query.urlencode()}"}

    elided = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "label": label,
        "previous": link(page.number - 1) if page.has_previous() else None,
        "next": link(page.number + 1) if page.has_next() else None,
        "links": [link(number) for number in elided],
    }


def _query_of(context: Context) -> QueryDict:
    """Return the address's own query, as the page understood it where it says so (``page_query``)."""
    if "page_query" in context:
        return QueryDict(context["page_query"], mutable=True)
    request = context.get("request")
    return names.said_in_address(request.GET) if request else QueryDict(mutable=True)


@register.simple_tag(takes_context=True)
def ui_here(context: Context) -> str:
    """The address of this page, to come back to."""
    query = _query_of(context).urlencode(safe="/")
    return f"{context['request'].path}?{query}" if query else context["request"].path


@register.simple_block_tag(end_name="endui_row")
def ui_row(
    content: str,
    href: str,
    word: str,
    *,
    student: names.Named | None,
    by: Any = None,
    at: datetime | None = None,
) -> SafeString:
    """One row of a list, the whole of it one tap target; rows stand in ``<ul class="ui-rows">``.

    Args:
        content: Tags, such as the categories.
        href: Where it leads.
        word: The link's word, such as “Incident”.
        student: Whom it is about; ``None`` is the whole school.
        by: Who did it, by ``display_name``.
        at: When.
    """
    return _component("row", content=content, href=href, word=word, student=student, by=by, at=at)


@register.simple_block_tag(end_name="endui_log_line")
def ui_log_line(content: str, at: datetime) -> SafeString:
    """One line of a log, to the second; lines stand in ``<ol class="ui-log">``.

    Args:
        content: What happened, beginning with who.
        at: When.
    """
    return _component("log_line", content=content, at=at)


@register.simple_block_tag(end_name="endui_notice")
def ui_notice(content: str, kind: str = "info", title: str = "") -> SafeString:
    """A notice: info, success or warning."""
    return _component("notice", content=content, kind=NOTICE_KINDS[kind], title=title)


@register.inclusion_tag("ui/component/messages.html")
def ui_messages(messages: Any) -> dict[str, Any]:
    """Django's messages as notices."""
    return {"messages": messages}


@register.simple_block_tag(end_name="endui_facts")
def ui_facts(content: str) -> SafeString:
    """A list of facts; hold ``ui_fact`` inside."""
    return format_html('<dl class="govuk-summary-list ui-facts">{}</dl>', content)


@register.simple_block_tag(end_name="endui_fact")
def ui_fact(content: str, label: str) -> SafeString:
    """One fact and its name."""
    return format_html(
        '<div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">{}</dt>'
        '<dd class="govuk-summary-list__value">{}</dd></div>',
        label,
        content,
    )


@register.simple_block_tag(end_name="endui_timeline")
def ui_timeline(content: str) -> SafeString:
    """What happened, in order; hold ``ui_entry`` inside."""
    return format_html('<ol class="moj-timeline">{}</ol>', content)


@register.simple_block_tag(end_name="endui_entry")
def ui_entry(
    content: str, title: str, *, by: Any = None, at: datetime | None = None, anchor: str = ""
) -> SafeString:
    """One entry of a timeline.

    Args:
        content: What it says.
        title: What kind of thing happened.
        by: Who did it, by ``display_name``.
        at: When.
        anchor: Its id on the page, for links to it.
    """
    return _component("entry", content=content, title=title, by=by, at=at, anchor=anchor)


@register.simple_block_tag(end_name="endui_identity")
def ui_identity(content: str, student: names.Named | None, detail: str = "") -> SafeString:
    """The bar that says whose page this is.

    Args:
        content: Flags and tags at its right.
        student: Whose; ``None`` is the whole school.
        detail: What tells two of the same name apart, such as the class.
    """
    return _component("identity", content=content, student=student, detail=detail)


@register.simple_block_tag(end_name="endui_more")
def ui_more(content: str, summary: str) -> SafeString:
    """Something that is opened when it is wanted."""
    return _component("more", content=content, summary=summary)


def _component(name: str, **context: Any) -> SafeString:
    return render_to_string(f"ui/component/{name}.html", context)


@register.filter
def ui_people(number: int) -> str:
    """“1 person”, “6 people”."""
    return ngettext("%(n)d person", "%(n)d people", number) % {"n": number}
