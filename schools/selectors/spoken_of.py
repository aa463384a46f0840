"""Students of whom a text speaks, of all that the school has ever had.

For what leaves the school: whoever is on roll or has left, whatever the reader may see.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from schools.models import Student
from ui.names_in_text import StudentNames, may_be_named, words_in

_NAMES = ("pk", "given_name", "family_name", "preferred_given_name")


def students_spoken_of(
    texts: Iterable[str], *, upns: Iterable[str] = (), born_on: Iterable[date] = ()
) -> list[Student]:
    """Return the students whom some texts may name; ``ui.names_in_text`` says who is named.

    Every student's names are read, and compared here: the index of names knows neither those
    that stand together (“zoebailey”) nor letters that are hidden in a name.

    Args:
        texts: As they were typed.
        upns: What stands in them that may be a UPN, in upper case.
        born_on: Days that stand in them.
    """
    words = {word for text in texts for word in words_in(text)}
    rows = Student.objects.values_list(*_NAMES).iterator() if words else ()
    named = [
        pk
        for pk, given, family, preferred in rows
        if may_be_named(
            words,
            StudentNames(
                ref="", given_name=given, family_name=family, preferred_given_name=preferred
            ),
        )
    ]
    upns, born_on = list(upns), list(born_on)
    if not (named or upns or born_on):
        return []
    meant = Q(pk__in=named) | Q(upn__in=upns) | Q(born_on__in=born_on)
    return list(Student.objects.filter(meant).order_by("pk"))
