"""What somebody wrote, without the letter that they answer."""

import re

_ORIGINAL = re.compile(
    r"-{2,} ?(?:(?:Original|Forwarded) Message|Neges Wreiddiol) ?-{2,}", re.IGNORECASE
)
#: What Outlook draws above the letter that it answers.
_RULE = re.compile(r"_{10,}")
_SENDER = re.compile(r"\*?(?:From|Oddi wrth) ?:", re.IGNORECASE)
_WHEN = re.compile(r"\*?(?:Sent|Date|Anfonwyd|Dyddiad) ?:", re.IGNORECASE)
_WHAT = re.compile(r"\*?(?:To|Subject|At|Pwnc) ?:", re.IGNORECASE)
#: A letter's fields stand in so many lines.
_LINES_OF_FIELDS = 5
#: “On 3 Nov, A <a@b> wrote:” may be broken over so many lines.
_LINES_OF_ATTRIBUTION = 3
_WROTE = re.compile(r"\b(?:wrote|ysgrifennodd|ysgrifennwyd)\b.{0,200}:$")
#: Mail programs name a day or an address; a person’s own “the clerk wrote:” does neither.
_OF_A_LETTER = re.compile(r"[0-9@]")


def without_quoted(text: str) -> str:
    """Return what stands above the quoted letter; everything, where nothing can be told apart.

    An answer between the quoted lines stays with them: a line too many is better than one lost.
    """
    lines = [line.rstrip() for line in text.strip().split("\n")]
    for at, line in enumerate(lines):
        if line.startswith(">"):
            above = lines[: _begin_of_attribution(lines, at)]
            is_answered_within = any(each and not each.startswith(">") for each in lines[at:])
            return _joined(lines if is_answered_within else above) or _joined(lines)
        is_ruled = bool(at and _RULE.fullmatch(lines[at - 1]))
        fields = lines[at : at + _LINES_OF_FIELDS]
        if _ORIGINAL.fullmatch(line) or _is_header(fields, is_ruled=is_ruled):
            return _joined(lines[: at - is_ruled]) or _joined(lines)
    return _joined(lines)


def _is_header(lines: list[str], *, is_ruled: bool) -> bool:
    """Say whether a letter's fields begin here, as mail programs put them above what they quote.

    Below a rule two are enough; else three, so that “From: Monday” and “To: Friday” are none.
    """
    if not _SENDER.match(lines[0]):
        return False
    fields = lines[1 : lines.index("")] if "" in lines else lines[1:]
    is_dated, is_addressed = any(map(_WHEN.match, fields)), any(map(_WHAT.match, fields))
    return (is_dated and is_addressed) or (is_ruled and (is_dated or is_addressed))


def _begin_of_attribution(lines: list[str], quoted_from: int) -> int:
    """Return where “On 3 Nov, A <a@b> wrote:” begins, if it stands above the first quoted line."""
    end = quoted_from
    while end and not lines[end - 1]:
        end -= 1
    for begin in range(end - 1, max(end - 1 - _LINES_OF_ATTRIBUTION, -1), -1):
        # A line that ends by itself is none that a mail program broke.
        if not lines[begin] or (begin < end - 1 and lines[begin].endswith((".", "!", "?", ":"))):
            break
        if _is_attribution(" ".join(lines[begin:end]), is_one_line=begin == end - 1):
            return begin
    return quoted_from


def _is_attribution(said: str, *, is_one_line: bool) -> bool:
    if not _OF_A_LETTER.search(said) or not _WROTE.search(said):
        return False
    return said.startswith(("On ", "Ar ")) or is_one_line


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).strip()
