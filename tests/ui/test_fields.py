"""What the widgets post becomes references, and what was posted is shown again."""

from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from ui.choices import Choice, RowOption, StoredFile
from ui.fields import ChosenFiles, ChosenRow, FilesField, RefField, RefsField, RowsField, parse_ref
from ui.widgets import FileDrop, SplitDateTime, Typeahead

MADDY = "01930000-0000-7000-8000-000000000001"
ELSIE = "01930000-0000-7000-8000-000000000002"
NAMES = {MADDY: "Maddy Greenwood", ELSIE: "Elsie Davies"}
OPTIONS = [RowOption("monitor", "Monitor"), RowOption("share_documents", "Share documents")]


def resolve(refs: Any) -> list[Choice]:
    return [Choice(ref, NAMES[ref], "Year 4 · 4B") for ref in refs if ref in NAMES]


def everyone() -> list[Choice]:
    return resolve(NAMES)


def typeahead(**settings: Any) -> Typeahead:
    return Typeahead("/students/", resolve=resolve, options=everyone, **settings)


class SampleForm(forms.Form):
    student = RefField(widget=typeahead())
    staff = RefsField(required=False, max_length=2, widget=typeahead(multiple=True))
    linked = RowsField(
        required=False, widget=typeahead(multiple=True, row_options=OPTIONS), max_length=2
    )
    files = FilesField(
        required=False,
        widget=FileDrop("/files/", describe=lambda refs: [StoredFile(r, "a.pdf", 9) for r in refs]),
    )
    happened_at = forms.SplitDateTimeField(required=False, widget=SplitDateTime)


def bound(query: str, files: MultiValueDict[str, UploadedFile] | None = None) -> SampleForm:
    return SampleForm(QueryDict(query), files or MultiValueDict())


def cleaned(query: str, files: MultiValueDict[str, UploadedFile] | None = None) -> dict[str, Any]:
    form = bound(query, files)
    assert form.is_valid(), form.errors
    return form.cleaned_data


def test_one_student_is_a_reference() -> None:
    assert cleaned(f"student={MADDY}")["student"] == parse_ref(MADDY)


def test_several_staff_are_references_in_order_and_once() -> None:
    data = cleaned(f"student={MADDY}&staff={ELSIE}&staff={MADDY}&staff={ELSIE}&staff=")
    assert data["staff"] == [parse_ref(ELSIE), parse_ref(MADDY)]


def test_nobody_chosen() -> None:
    form = bound("student=")
    assert form.errors == {"student": ["This field is required."]}
    assert form.cleaned_data["staff"] == []
    assert form.cleaned_data["linked"] == []


@pytest.mark.parametrize("forged", ["1", "not-a-ref", f"{MADDY}x", "' OR 1=1"])
def test_t31_a_forged_reference_is_refused_at_the_field(forged: str) -> None:
    form = bound(f"student={forged}&staff={forged}")
    assert form.errors == {
        "student": ["Choose again from the list."],
        "staff": ["Choose again from the list."],
    }


def test_t44_too_many_are_refused_at_the_field() -> None:
    refs = "&".join(
        f"staff={MADDY[:-1]}{n}&linked={MADDY[:-1]}{n}&student={MADDY}" for n in range(3)
    )
    errors = bound(refs).errors
    assert errors == {"staff": ["Choose 2 or fewer."], "linked": ["Choose 2 or fewer."]}


def test_g6_03_each_linked_student_has_ticks_of_their_own() -> None:
    data = cleaned(
        f"student={MADDY}&linked={MADDY}&linked={ELSIE}&monitor={ELSIE}&share_documents={MADDY}&share_documents={ELSIE}"
    )
    assert data["linked"] == [
        ChosenRow(parse_ref(MADDY), frozenset({"share_documents"})),
        ChosenRow(parse_ref(ELSIE), frozenset({"monitor", "share_documents"})),
    ]


def test_g6_03_the_plain_list_ticks_for_every_linked_student() -> None:
    data = cleaned(f"student={MADDY}&linked={MADDY}&linked={ELSIE}&monitor=*")
    assert [row.ticked for row in data["linked"]] == [frozenset({"monitor"})] * 2


def test_a_tick_for_somebody_not_linked_is_nothing() -> None:
    assert cleaned(f"student={MADDY}&monitor={ELSIE}")["linked"] == []


def test_files_sent_before_and_with_the_form() -> None:
    upload = SimpleUploadedFile("b.txt", b"words")
    data = cleaned(f"student={MADDY}&files={ELSIE}", MultiValueDict({"new_files": [upload]}))
    assert data["files"] == ChosenFiles([parse_ref(ELSIE)], [upload])
    assert cleaned(f"student={MADDY}")["files"] == ChosenFiles([], [])


def test_a_required_file_may_come_either_way() -> None:
    field = FilesField(widget=FileDrop("/files/"))
    with pytest.raises(forms.ValidationError):
        field.clean(FileDrop("/files/").value_from_datadict({}, MultiValueDict(), "files"))
    sent = FileDrop("/files/").value_from_datadict({"files": [MADDY]}, MultiValueDict(), "files")
    assert field.clean(sent).refs == [parse_ref(MADDY)]


def test_g6_05_date_and_time_are_those_of_the_current_zone() -> None:
    at = cleaned(f"student={MADDY}&happened_at_0=2024-07-16&happened_at_1=16:28")["happened_at"]
    assert at.utcoffset() is not None
    assert at.isoformat().startswith("2024-07-16T16:28:00")


def test_what_was_chosen_is_shown_again_and_nothing_else() -> None:
    html = str(bound(f"student={MADDY}&linked={ELSIE}&monitor={ELSIE}&files={MADDY}")["linked"])
    assert f'<input type="hidden" name="linked" value="{ELSIE}">' in html
    assert 'aria-label="Remove Elsie Davies"' in html
    assert f'name="monitor" value="{ELSIE}" checked' in html
    assert f'name="share_documents" value="{ELSIE}">' in html


def test_a_reference_that_means_nobody_is_not_shown_again() -> None:
    stranger = MADDY[:-1] + "9"
    assert stranger not in str(bound(f"student={stranger}")["student"])


def test_files_sent_before_are_shown_again() -> None:
    html = str(bound(f"files={MADDY}")["files"])
    assert f'<input type="hidden" name="files" value="{MADDY}">' in html
    assert "a.pdf" in html
    assert 'type="file" multiple name="new_files"' in html


def test_the_plain_list_offers_everyone_and_marks_the_chosen() -> None:
    form = bound(f"student={MADDY}&staff={ELSIE}")
    for bound_field in (form["student"], form["staff"]):
        bound_field.field.widget.as_list = True
    assert f'<option value="{MADDY}" selected>Maddy Greenwood (Year 4 · 4B)' in str(form["student"])
    assert f'<option value="{ELSIE}" selected>' in str(form["staff"])
    assert "multiple" in str(form["staff"])
    assert "multiple" not in str(form["student"])


def test_nothing_typed_would_be_part_of_an_address() -> None:
    html = str(bound("")["student"])
    assert 'data-source="/students/"' in html
    assert "<form" not in html
    assert 'name="student"' in html  # in the template of a row, and in nothing that is typed into
    assert '<input type="text"' not in html


def test_names_are_shown_as_text() -> None:
    widget = Typeahead("/s/", resolve=lambda _: [Choice(MADDY, "<b>Robert</b>", '"><script>')])
    html = widget.render("student", MADDY, {"id": "id_student"})
    assert "<b>" not in html
    assert "<script" not in html
    assert "Remove &lt;b&gt;Robert&lt;/b&gt;" in html
