"""What an import found wrong, said by file, line and column and never by a pupil's name."""

from dataclasses import dataclass
from enum import StrEnum

from typing_extensions import override


class Weight(StrEnum):
    """What a problem means for the import."""

    #: Nothing is imported, whatever was asked for.
    FATAL = "refused"
    #: The row is left out; whether the others go on is the caller's choice.
    BAD_ROW = "bad row"
    #: Worth knowing; the row is imported.
    NOTICE = "notice"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong with the files.

    Attributes:
        file: Name of the file, without its folder.
        line: Line in the file, counted from 1; 0 for the file as a whole.
        column: Header of the column, empty for the line as a whole.
        reason: What is wrong, for people. No name, number or address of a person.
        weight: What it means for the import.
    """

    file: str
    line: int
    column: str
    reason: str
    weight: Weight = Weight.BAD_ROW

    @override
    def __str__(self) -> str:
        where = self.column or ("(row)" if self.line else "(file)")
        return f"{self.file}:{self.line}: {where}: {self.reason}"
