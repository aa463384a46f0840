"""What somebody is about to send, looked through by the privacy guard inside the school's schema."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
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
    """A text, and what in it tells of a student.

    Attributes:
        key: By which its places are told from those of other texts.
    """

    key: str
    text: str
    hits: Sequence[Hit] = ()

    @property
    def places(self) -> list[tuple[str, Hit]]:
        """Each hit by a key that stays the same as long as the text does."""
        return [(f"{self.key}-{hit.start}-{hit.end}", hit) for hit in self.hits]

    def masked_hits(self, openly: Collection[str]) -> list[Hit]:
        """Return the hits that are masked, where some places stay as they are."""
        return [hit for key, hit in self.places if key not in openly]


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

    @property
    def key(self) -> str:
        """By which its text is told from other places."""
        return str(self.attachment.ref)


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
    def said(self) -> list[ScreenedText]:
        """The texts and the files' names."""
        return [*self.texts.values(), *(one.name for one in self.files)]

    @property
    def hits(self) -> list[Hit]:
        """Every place in the texts and the files' names."""
        return [hit for one in self.said for hit in one.hits]

    @property
    def places(self) -> dict[str, Sequence[Hit]]:
        """What can be masked or sent as it is, place by place: hits by key; a file's text is one place."""
        found: dict[str, Sequence[Hit]] = {
            key: [hit] for one in self.said for key, hit in one.places
        }
        return found | {one.key: one.hits for one in self.telling_files}

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
        return [self.students[ref] for ref in _refs_in(self.places.values())]


@dataclass(frozen=True, kw_only=True)
class Sendable:
    """What is handed over.

    Attributes:
        pupils: Letter and reference of each student of whom it tells; no letter where it tells openly.
    """

    texts: dict[str, str]
    files: Sequence[tuple[Attachment, str]]
    masked: int = 0
    sent_anyway: int = 0
    reason: str = ""
    pupils: Sequence[tuple[str, str]] = ()


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
            name: ScreenedText(key=name, text=text, hits=guard.hits_in(text, pupils))
            for name, text in texts.items()
        },
        files=[_screened(one, contents, pupils) for one in staged],
        students={str(one.ref): one for one in students},
    )


def sendable(
    screened: Screened, *, letters: Letters, openly: Collection[str] = (), because: str = ""
) -> Sendable:
    """Return what is handed over: masked but for the places that are sent as they are.

    Args:
        screened: What was written.
        letters: Those that the ticket has given already; new ones are added.
        openly: Keys of ``screened.places``; what is none of them is left out.
        because: Why those are sent as they are.
    """
    guard.give_letters(screened.hits, letters)
    told = {key: hits for key, hits in screened.places.items() if key in openly}
    files = [one for one in screened.files if one.key in told or not one.tells]

    def masked(said: ScreenedText) -> str:
        return guard.masked(said.text, said.masked_hits(told), letters)

    hidden = [hit for one in screened.said for hit in one.masked_hits(told)]
    open_hits = [hit for hits in told.values() for hit in hits]
    pupils = [
        *guard.lettered(hidden, letters),
        *(("", ref) for ref in guard.told_openly(open_hits)),
    ]
    return Sendable(
        texts={name: masked(one) for name, one in screened.texts.items()},
        files=[(one.attachment, clean(masked(one.name))) for one in files],
        masked=len(hidden),
        sent_anyway=len(told),
        reason=because if told else "",
        pupils=pupils,
    )


def _refs_in(places: Iterable[Sequence[Hit]]) -> list[str]:
    return list(dict.fromkeys(ref for hits in places for hit in hits for ref in hit.refs))


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
        name=ScreenedText(
            key=f"name-{attachment.ref}",
            text=name,
            hits=guard.hits_in_file_name(name, pupils),
        ),
        tells=text is None or bool(hits),
        is_unread=not is_text(attachment),
        hits=hits,
    )
