"""The audit page: who saw and who changed what, in plain words."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Page
from django.db.models import Q, QuerySet, Subquery
from django.utils.module_loading import import_string
from django.utils.translation import gettext, gettext_noop

from core.audit.models import AuditEntry
from core.pages import page_of_many
from core.tenancy import current_zone
from safeguarding.models import Action, Incident
from safeguarding.querysets import AuditQuerySet
from safeguarding.selectors.incidents import visible_files
from safeguarding.selectors.rows import refs_of
from safeguarding.terms import PAGES, PAGES_SEEN, DeedKind, verbs_of, words_of
from schools.models import Staff, Student
from schools.policies import Reader

#: Students named on a line; the others are counted.
MOST_NAMED = 6
#: Entries that can be paged through; an export holds them all.
MOST_LISTED = 5_000


@dataclass(frozen=True, kw_only=True)
class AuditFilter:
    """Which entries are asked for; references and dates only.

    Attributes:
        person: Reference of the member of staff who did it.
        student: Reference of a student whose data was seen or changed.
        since: First day, in the school's zone.
        until: Last day, in the school's zone.
    """

    kind: DeedKind | None = None
    person: UUID | None = None
    student: UUID | None = None
    since: date | None = None
    until: date | None = None

    def facts(self) -> dict[str, Any]:
        """Return what the record may hold of it, without what was left open."""
        said = {
            "kind": self.kind.value if self.kind else None,
            "person": self.person,
            "student": self.student,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
        }
        return {name: value for name, value in said.items() if value is not None}


def entries_of(reader: Reader, chosen: AuditFilter) -> AuditQuerySet:
    """Return the entries that a key holder asks for, in no order."""
    entries = AuditQuerySet(AuditEntry).visible_to(reader).deeds()
    if chosen.kind:
        entries = entries.filter(verb__in=verbs_of(chosen.kind))
    if chosen.person:
        account = Staff.objects.filter(ref=chosen.person).values("user_id")[:1]
        entries = entries.filter(user_id=Subquery(account))
    if chosen.student:
        entries = entries.of_students(chosen.student)
    if chosen.since:
        entries = entries.filter(happened_at__gte=_midnight(chosen.since))
    if chosen.until:
        entries = entries.filter(happened_at__lt=_midnight(chosen.until + timedelta(days=1)))
    return entries


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), current_zone())


@dataclass(frozen=True, kw_only=True)
class AuditLine:
    """One entry in plain words.

    Attributes:
        by: Who did it; None where nobody was logged in.
        helper: Name of whoever of the helpdesk did it, whom the school had let in.
        words: What follows the name: “opened the incident”.
        subject: What it was done to, in a word or two; a student is ``subject_student`` instead.
        key: Which key had been shown.
        page: Name of the page of the subject, where the reader may open it; else empty.
        ref: Whose page it is.
        students: The first few students whose data it was.
        more_students: How many there are beyond those.
    """

    entry: AuditEntry
    by: Staff | None
    words: str
    subject: str = ""
    subject_student: Student | None = None
    page: str = ""
    ref: UUID | None = None
    key: str = ""
    helper: str = ""
    students: list[Student] = field(default_factory=list)
    more_students: int = 0


@dataclass(frozen=True, kw_only=True)
class AuditPage:
    """A page of entries, newest first."""

    page: "Page[AuditEntry]"
    lines: list[AuditLine]

    @property
    def is_cut(self) -> bool:
        """Whether there are more than are listed."""
        return self.page.paginator.count >= MOST_LISTED

    @property
    def students(self) -> list[UUID]:
        """References of the students named on it."""
        named = [student for line in self.lines for student in line.students]
        return refs_of([*named, *(line.subject_student for line in self.lines)])


def audit_page(reader: Reader, chosen: AuditFilter, number: int) -> AuditPage:
    """Return a page of what is on record; nothing for whoever does not hold the key."""
    rows = entries_of(reader, chosen).order_by("-happened_at", "-id")
    page = page_of_many(rows, number, most=MOST_LISTED)
    return AuditPage(page=page, lines=list(lines_of(reader, page.object_list)))


def lines_of(
    reader: Reader, entries: Iterable[AuditEntry], *, most_named: int = MOST_NAMED
) -> Iterator[AuditLine]:
    """Put entries in plain words; a fixed number of queries for any number of them."""
    rows = list(entries)
    known = _Known(reader, rows, most_named)
    for entry in rows:
        yield known.line(entry)


#: By kind of subject: the word, and the page that shows it.
_SUBJECTS = {
    "safeguarding.incident": (gettext_noop("Incident"), "incident"),
    "safeguarding.action": (gettext_noop("Action"), "action"),
    "safeguarding.draft": (gettext_noop("Draft"), ""),
    "attachments.attachment": (gettext_noop("File"), "file"),
    "schools.student": (gettext_noop("Student"), "student"),
    "schools.staff": (gettext_noop("Member of staff"), "staff_member"),
    "schools.category": (gettext_noop("Category"), "category"),
    "schools.alertgroup": (gettext_noop("Alert group"), "alert_group"),
    "schools.accessgroup": (gettext_noop("Access group"), "access_group"),
    "accounts.user": (gettext_noop("Account"), ""),
    "support.supportaccess": (gettext_noop("Access by consent"), "support_access"),
}
#: Pages that an agent may have seen and that have an entry of their own, with a link.
_OF_KEY_HOLDERS = {"incident", "student"}
#: Subjects whose pages are an administrator's.
_OF_ADMINISTRATORS = {
    "schools.staff",
    "schools.category",
    "schools.alertgroup",
    "schools.accessgroup",
    "support.supportaccess",
}


class _Known:
    """The people, students and pages behind some entries."""

    def __init__(self, reader: Reader, entries: list[AuditEntry], most_named: int) -> None:
        self._reader = reader
        self._most_named = most_named
        subjects = {entry.subject_ref for entry in entries if entry.subject_ref}
        self._learn_people(entries, subjects)
        keys = {entry.key for entry in entries if entry.user_id is None and entry.key}
        self._helpers = names_on_record(keys)
        self._learn_students(entries, subjects)
        self._visible = {
            *Incident.objects.visible_to(reader).filter(ref__in=subjects).values_list("ref"),
            *Action.objects.visible_to(reader).filter(ref__in=subjects).values_list("ref"),
            *visible_files(reader).filter(ref__in=subjects).values_list("ref"),
        }

    def _learn_people(self, entries: list[AuditEntry], subjects: set[UUID]) -> None:
        accounts = {entry.user_id for entry in entries if entry.user_id}
        wanted = Q(user_id__in=accounts) | Q(ref__in=subjects) | Q(user__ref__in=subjects)
        people = list(Staff.objects.filter(wanted).select_related("user"))
        self._by_account = {one.user_id: one for one in people}
        self._by_ref = {ref: one for one in people for ref in (one.ref, one.user.ref)}

    def _learn_students(self, entries: list[AuditEntry], subjects: set[UUID]) -> None:
        named = {ref for entry in entries for ref in entry.students[: self._most_named]}
        visible = Student.objects.records_visible_to(self._reader)
        students = visible.filter(ref__in=named | subjects)
        self._students = {student.ref: student for student in students}

    def line(self, entry: AuditEntry) -> AuditLine:
        """Return an entry in plain words."""
        first = [ref for ref in entry.students if ref != entry.subject_ref][: self._most_named]
        named = [self._students[ref] for ref in first if ref in self._students]
        others = len(entry.students) - (entry.subject_ref in entry.students) - len(named)
        if not self._reader.sees_everything and entry.subject_kind == "schools.student":
            # Others on a student's record may be there through incidents that are not to be seen.
            named, others = [], 0
        word, page, ref = self._subject(entry)
        person = self._by_ref.get(entry.subject_ref) if entry.subject_ref else None
        by = self._by_account.get(entry.user_id) if entry.user_id else None
        subject = person.display_name if person else gettext(word)
        return AuditLine(
            entry=entry,
            by=by,
            words=gettext(words_of(entry.verb)),
            # Who logged in is said already.
            subject="" if person is not None and person == by else subject,
            subject_student=self._students.get(entry.subject_ref) if entry.subject_ref else None,
            page=page,
            ref=ref,
            key=_key_of(entry),
            helper=self._helpers.get(entry.key, "") if entry.user_id is None else "",
            students=named,
            more_students=others,
        )

    def _subject(self, entry: AuditEntry) -> tuple[str, str, UUID | None]:
        """Return the word for what it was done to, and the page that shows it, if it may be opened."""
        word, page = _SUBJECTS.get(entry.subject_kind, ("", ""))
        if page == "support_access" and entry.facts.get("page") in PAGES_SEEN:
            # Of an agent's look, the page that they saw is more to the point than what let them in.
            page, of = entry.facts["page"], entry.facts.get("of")
            is_setting = self._reader.administers and page not in _OF_KEY_HOLDERS
            shown = page if of and is_setting else ""
            return PAGES_SEEN[page], shown, UUID(of) if shown else None
        return word, page if self._may_open(entry) else "", entry.subject_ref

    def _may_open(self, entry: AuditEntry) -> bool:
        if entry.subject_kind in _OF_ADMINISTRATORS:
            return self._reader.administers
        return (entry.subject_ref,) in self._visible or entry.subject_ref in self._students


def names_on_record(keys: Iterable[str]) -> dict[str, str]:
    """Return the names of whoever is on record without an account here, by their “keys”."""
    name_them: Callable[[Iterable[str]], dict[str, str]] = import_string(settings.NAMES_ON_RECORD)
    return name_them(keys)


_KEYS = {
    "totp": gettext_noop("Authenticator app"),
    "webauthn": gettext_noop("Security key or passkey"),
    "recovery_codes": gettext_noop("Recovery code"),
    "support": gettext_noop("Access by consent"),
}


_OTHER_KEY = gettext_noop("Shown")


def _key_of(entry: AuditEntry) -> str:
    if not entry.had_key:
        return gettext("None was shown")
    kind, _, number = entry.key.partition(":")
    return f"{gettext(_KEYS.get(kind, _OTHER_KEY))} {number}".strip()


def people_by_ref(refs: Iterable[UUID]) -> list[Staff]:
    """Return members of staff, those who left too: what they did stays on record."""
    return list(Staff.objects.filter(ref__in=list(refs)).order_by("family_name", "id"))


def students_on_record(reader: Reader, refs: Iterable[UUID]) -> list[Student]:
    """Return students, those who left too."""
    visible = Student.objects.records_visible_to(reader)
    return list(visible.filter(ref__in=list(refs)).order_by("id"))


def shown_by_request(
    user_id: int | None, request_id: str, *, since: datetime
) -> "QuerySet[AuditEntry]":
    """Return what one request showed to a person, the page itself first."""
    return AuditEntry.objects.filter(
        user_id=user_id, request_id=request_id, verb__in=verbs_of(*PAGES), happened_at__gte=since
    ).order_by("id")
