"""What somebody wrote, without the letter that they answer."""

import re

_ORIGINAL = re.compile(r"-{2,} ?(?:Original|Forwarded) Message ?-{2,}", re.IGNORECASE)
#: What Outlook draws above the letter that it answers.
_RULE = re.compile(r"_{10,}")
_SENDER = re.compile(r"\*?(?:From|Oddi wrth) ?:", re.IGNORECASE)
_FIELD = re.compile(r"\*?(?:Sent|Date|To|Cc|Subject|Anfonwyd|At|Pwnc) ?:", re.IGNORECASE)
#: “On 3 Nov, A <a@b> wrote:” may be broken over so many lines.
_LINES_OF_ATTRIBUTION = 3


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
        if _ORIGINAL.fullmatch(line) or _is_header(lines[at : at + 4]):
            above = lines[: at - 1] if at and _RULE.fullmatch(lines[at - 1]) else lines[:at]
            return _joined(above) or _joined(lines)
    return _joined(lines)


def _is_header(lines: list[str]) -> bool:
    """Say whether a letter's fields begin here, as mail programs put them above what they quote."""
    return bool(_SENDER.match(lines[0])) and any(map(_FIELD.match, lines[1:]))


def _begin_of_attribution(lines: list[str], quoted_from: int) -> int:
    """Return where “On 3 Nov, A <a@b> wrote:” begins, if it stands above the first quoted line."""
    end = quoted_from
    while end and not lines[end - 1]:
        end -= 1
    if not end or not lines[end - 1].endswith(":"):
        return quoted_from
    begin = end - 1
    while begin and end - begin < _LINES_OF_ATTRIBUTION and not _opens(lines[begin]):
        begin -= 1
    return begin if _opens(lines[begin]) else end


def _opens(line: str) -> bool:
    return line.startswith(("On ", "Ar ")) or line.endswith(" wrote:")


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).strip()
