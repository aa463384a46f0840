"""The audit as a file for a spreadsheet."""

import json
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Func, Max
from django.utils.translation import get_language, gettext, gettext_noop, override

from core.audit import services as audit
from core.spreadsheets import BOM, csv_of
from core.tenancy import SchoolLike, current_school, in_school
from safeguarding.querysets import AuditQuerySet
from safeguarding.selectors.audit import AuditFilter, AuditLine, entries_of, lines_of
from schools.actors import StaffActor
from schools.models import Student
from schools.policies import Reader
from ui.names import name_text

_AT_ONCE = 500
COLUMNS = (
    gettext_noop("When (UTC)"), gettext_noop("Who"), gettext_noop("Key shown"), gettext_noop("Key"), gettext_noop("Address"), gettext_noop("Request"), gettext_noop("What"), gettext_noop("In words"),
    gettext_noop("Subject"), gettext_noop("Subject reference"), gettext_noop("Students"), gettext_noop("Student references"), gettext_noop("Facts"), gettext_noop("Entry"),
)  # fmt: skip


@transaction.atomic(durable=True)
def export_audit(*, actor: StaffActor, chosen: AuditFilter) -> Iterator[bytes]:
    """Return the chosen entries as CSV, oldest first, a piece at a time.

    The export is on record, with how many rows it has and whose data they hold, before this
    returns. What is recorded
    later is not in it, nor is the entry of the export itself.

    Args:
        actor: Who exports; entries of others than key holders are none.
        chosen: Which entries.
    """
    entries = entries_of(actor.reader, chosen)
    newest = entries.aggregate(newest=Max("id"))["newest"] or 0
    entries = entries.filter(id__lte=newest)
    named = entries.annotate(whose=Func("students", function="unnest")).values_list("whose")
    audit.record(
        actor,
        "audit.exported",
        students=[ref for (ref,) in named.distinct()],
        rows=entries.count(),
        **chosen.facts(),
    )
    return _pieces(current_school(), actor.reader, entries, get_language())


def _pieces(
    school: SchoolLike, reader: Reader, entries: AuditQuerySet, language: str | None
) -> Iterator[bytes]:
    with override(language):
        heads = [gettext(column) for column in COLUMNS]
    yield (BOM + csv_of([heads])).encode()
    last, is_whole = 0, reader.sees_everything
    while True:
        # Into the school and out again for each piece: the response is sent after the request
        # has left it and its language, and no transaction stays open while a slow line takes the file.
        with in_school(school), override(language):
            rows = list(entries.filter(id__gt=last).order_by("id")[:_AT_ONCE])
            text = csv_of(
                _cells(line, is_whole=is_whole)
                for line in lines_of(reader, rows, most_named=_EVERYBODY)
            )
        if not rows:
            return
        last = rows[-1].pk
        yield text.encode()


_EVERYBODY = 10_000


def _refs(students: Sequence[Student]) -> list[UUID]:
    return [student.ref for student in students]


def _cells(line: AuditLine, *, is_whole: bool) -> Sequence[str]:
    entry, students = line.entry, [*line.students]
    if line.subject_student:
        students.insert(0, line.subject_student)
    return (
        entry.happened_at.isoformat(timespec="milliseconds"),
        line.by.display_name if line.by else line.helper,
        gettext("yes") if entry.had_key else gettext("no"),
        entry.key,
        entry.address or "",
        entry.request_id,
        entry.verb,
        line.words,
        line.subject,
        str(entry.subject_ref or ""),
        "; ".join(name_text(student) for student in students),
        "; ".join(str(ref) for ref in (entry.students if is_whole else _refs(students))),
        json.dumps(entry.facts, sort_keys=True),
        str(entry.ref),
    )
