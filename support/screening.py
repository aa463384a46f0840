"""What somebody is about to send, looked through by the privacy guard inside the school's schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from core.attachments.names import clean
from schools.selectors.spoken_of import students_spoken_of
from support import guard
from support.file_texts import is_text, text_of
from support.giveaways import days_in, maybe_upns_in, upns_in
from support.guard import Hit, Letters, Pupil
from ui.names import words_of_file_name
from ui.names_in_text import StudentNames

if TYPE_CHECKING:
    from core.attachments.models import Attachment
    from schools.models import Student


@dataclass(frozen=True, kw_only=True)
class ScreenedText:
    """A text, and what in it tells of a student."""

    text: str
    hits: Sequence[Hit] = ()


@dataclass(frozen=True, kw_only=True)
class ScreenedFile:
    """A file that was uploaded for a message.

    Attributes:
        name: Its name, and what in it tells of a student.
        tells: Its text tells of a student, or is too long to be looked through.
        is_unread: It is no text: the guard cannot look into it.
    """

    attachment: Attachment
    name: ScreenedText
    tells: bool = False
    is_unread: bool = False
    hits: Sequence[Hit] = ()


@dataclass(frozen=True, kw_only=True)
class Screened:
    """All that is about to be sent.

    Attributes:
        texts: By the name of the form's field.
        students: Who may be meant, by reference.
    """

    texts: dict[str, ScreenedText]
    files: Sequence[ScreenedFile] = ()
    students: dict[str, Student] = field(default_factory=dict)

    @property
    def hits(self) -> list[Hit]:
        """Every place in the texts and the files' names."""
        told = [*self.texts.values(), *(one.name for one in self.files)]
        return [hit for one in told for hit in one.hits]

    @property
    def telling_files(self) -> list[ScreenedFile]:
        """The text files that are not sent, unless somebody sends them anyway."""
        return [one for one in self.files if one.tells]

    @property
    def tells(self) -> bool:
        """Whether anything tells of a student."""
        return bool(self.hits or self.telling_files)

    @property
    def students_told(self) -> list[Student]:
        """Those of whom it tells."""
        refs = dict.fromkeys(
            ref
            for hit in (*self.hits, *(h for f in self.files for h in f.hits))
            for ref in hit.refs
        )
        return [self.students[ref] for ref in refs]


@dataclass(frozen=True, kw_only=True)
class Sendable:
    """What is handed over.

    Attributes:
        letters: What stands for whom; None where it was sent as it is.
        openly: References of the students of whom it tells as it is.
    """

    texts: dict[str, str]
    files: Sequence[tuple[Attachment, str]]
    masked: int = 0
    sent_anyway: int = 0
    reason: str = ""
    letters: Letters | None = None
    openly: Sequence[str] = ()


#: Gives what is handed over, by the letters that a ticket has given when it is written on.
Handing = Callable[[Letters], Sendable]


def screen(texts: dict[str, str], files: Iterable[Attachment] = ()) -> Screened:
    """Look through texts and files for what tells of any student the school has ever had.

    Raises:
        AttachmentDamaged: A text file does not open.
        StorageUnavailable: The object store or the school's key cannot be reached.
    """
    staged = list(files)
    contents = {one.pk: text_of(one) for one in staged if is_text(one)}
    said = [*texts.values(), *(text for text in contents.values() if text)]
    said += [name for one in staged for name in (one.filename, words_of_file_name(one.filename))]
    students = _meant(said)
    pupils = [_pupil(one) for one in students]
    return Screened(
        texts={
            name: ScreenedText(text=text, hits=guard.hits_in(text, pupils))
            for name, text in texts.items()
        },
        files=[_screened(one, contents, pupils) for one in staged],
        students={str(one.ref): one for one in students},
    )


def sendable(screened: Screened, *, letters: Letters, anyway_because: str = "") -> Sendable:
    """Return what is handed over: masked, or as it is where a reason was given.

    Args:
        screened: What was written.
        letters: Those that the ticket has given already; new ones are added.
        anyway_because: Why it is sent as it is; empty to mask.
    """
    if anyway_because and screened.tells:
        return Sendable(
            texts={name: one.text for name, one in screened.texts.items()},
            files=[(one.attachment, one.attachment.filename) for one in screened.files],
            sent_anyway=len(screened.hits) + len(screened.telling_files),
            reason=anyway_because,
            openly=[str(one.ref) for one in screened.students_told],
        )
    guard.give_letters(screened.hits, letters)
    return Sendable(
        texts={
            name: guard.masked(one.text, one.hits, letters) for name, one in screened.texts.items()
        },
        files=[
            (one.attachment, clean(guard.masked(one.name.text, one.name.hits, letters)))
            for one in screened.files
            if not one.tells
        ],
        masked=len(screened.hits),
        letters=letters,
    )


def _meant(texts: list[str]) -> list[Student]:
    upns = {
        "".join(letter for letter in text[start:end] if letter.isalnum()).upper()
        for text in texts
        for start, end in upns_in(text)
    }
    upns |= {written for text in texts for _, _, written in maybe_upns_in(text)}
    days: set[date] = {day for text in texts for found in days_in(text) for day in found.on}
    return students_spoken_of(texts, upns=upns, born_on=days)


def _pupil(student: Student) -> Pupil:
    names = StudentNames(
        ref=str(student.ref),
        given_name=student.given_name,
        family_name=student.family_name,
        preferred_given_name=student.preferred_given_name,
    )
    return Pupil(names=names, upn=student.upn.upper(), born_on=student.born_on)


def _screened(
    attachment: Attachment, contents: dict[int, str | None], pupils: list[Pupil]
) -> ScreenedFile:
    name = attachment.filename
    text = contents.get(attachment.pk, "")
    hits = guard.first_hits_in(text, pupils) if text else []
    return ScreenedFile(
        attachment=attachment,
        name=ScreenedText(text=name, hits=guard.hits_in_file_name(name, pupils)),
        tells=text is None or bool(hits),
        is_unread=not is_text(attachment),
        hits=hits,
    )
