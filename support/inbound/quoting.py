"""What somebody wrote, without the letter that they answer."""

from quotequail import unwrap

#: The library's time grows with the square of lines and of their length: it looks at so much.
_LINES, _LETTERS = 300, 300


def without_quoted(text: str) -> str:
    """Return what stands above the quoted letter; everything, where nothing can be told apart.

    An answer between the quoted lines stays with them: a line too many is better than one lost.
    """
    lines = text.strip().split("\n")
    seen = [line.strip()[:_LETTERS] for line in lines[:_LINES]]
    found = unwrap("\n".join(seen)) or {}
    above = found.get("text_top", "")
    if not above:
        return "\n".join(lines).strip()
    # The text above begins with the first line, since both are stripped.
    end = above.count("\n") + 1
    is_whole = _is_answered_within(lines[end:], needs_marks=found["type"] == "reply")
    return "\n".join(lines if is_whole else lines[:end]).strip()


def _is_answered_within(rest: list[str], *, needs_marks: bool) -> bool:
    """Say whether something unquoted follows the first quoted line.

    Below “On Tuesday I wrote:” without a quoted line there is what somebody tells; below the
    header of a letter, as Outlook puts it, there is that letter.
    """
    first = next((at for at, line in enumerate(rest) if line.startswith(">")), None)
    if first is None:
        return needs_marks
    return any(line.strip() and not line.startswith(">") for line in rest[first:])
