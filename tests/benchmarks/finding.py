"""How fast people are found: ``python -m tests.benchmarks.finding``.

One school with 100,000 students and 2,000 staff. Server time of a query as the selector takes it,
against the sequential way that stood before (the same queries, every other one), and of the check
of a text of 10,000 characters. Prints one JSON line.
"""

import random
import time
from collections.abc import Callable
from itertools import accumulate
from statistics import median, quantiles
from typing import Any

from tests.benchmarks.platform_up import platform_up, tell

STUDENTS, STAFF = 100_000, 2_000
QUERIES = 300
_START = (
    "b br c ch d dr f fr g gr h j k kr l m n p pr r s sh st t th tr v w y z " + "a e i o"
).split()
_MIDDLE = ["a", "e", "i", "o", "u", "ai", "ea", "ee", "ie", "oo", "ou"]
_END = [
    "n",
    "r",
    "l",
    "s",
    "t",
    "nd",
    "rd",
    "ck",
    "ll",
    "ss",
    "th",
    "m",
    "x",
    "nna",
    "lla",
    "tte",
    "ny",
    "dy",
    "ley",
    "son",
    "ton",
    "ford",
    "man",
    "wood",
    "well",
]


def main() -> None:
    """Onboard a school, fill it, search."""
    with platform_up():
        tell(benchmark="finding", **_measure())


def _name(chance: random.Random, syllables: int) -> str:
    parts = [chance.choice(_START) + chance.choice(_MIDDLE) for _ in range(syllables)]
    return ("".join(parts) + chance.choice(_END)).title()


def _names(chance: random.Random) -> Callable[[], tuple[str, str]]:
    """Return a source of names, some of them borne by very many, as names are."""
    first = [
        "Mohammed",
        "Olivia",
        "Jack",
        "Anna",
        "Amelia",
        *(_name(chance, 1) for _ in range(900)),
    ]
    last = ["Smith", "Khan", "Jones", "Brown", *(_name(chance, 2) for _ in range(12_000))]

    # The commonest are borne by one in fifty.
    shares = [[1 / (rank + 10) for rank in range(len(names))] for names in (first, last)]

    def one() -> tuple[str, str]:
        return (
            chance.choices(first, cum_weights=sums[0])[0],
            chance.choices(last, cum_weights=sums[1])[0],
        )

    sums = [list(accumulate(share)) for share in shares]
    return one


def _fill(school: Any, chance: random.Random) -> list[tuple[str, str]]:
    import os

    import psycopg

    from core.accounts.models import User
    from schools.models import AccessGroup, Staff, Student

    names = _names(chance)
    pupils = [names() for _ in range(STUDENTS)]
    Student.objects.bulk_create(
        (
            Student(given_name=given, family_name=family, year_group="4", class_name="4B")
            for given, family in pupils
        ),
        batch_size=5_000,
    )
    users = User.objects.bulk_create(User(email=f"{i}@example.test") for i in range(STAFF))
    group = AccessGroup.objects.get(is_default=True)
    Staff.objects.bulk_create(
        Staff(user=user, given_name=given, family_name=family, access_group=group)
        for user, (given, family) in zip(users, (names() for _ in users), strict=True)
    )
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        # As autovacuum does by itself within minutes.
        for table in ("student", "studentsearch", "staff", "staffsearch"):
            owner.execute(f'VACUUM ANALYZE "{school.schema_name}".schools_{table}')
    return pupils


def _queries(pupils: list[tuple[str, str]], chance: random.Random) -> list[str]:
    made = ["an", "ma", "sm", "smith", "jack smith", "olivia", "xq", "zzzz", "%", "__", "a b c"]
    made += ["x" * 100, "mohammed khan", "moh kha", "an sm", "son", "ford", "ea", "j s", "o' '--"]
    while len(made) < QUERIES:
        given, family = chance.choice(pupils)
        wrong = list(family)
        wrong[chance.randrange(len(wrong))] = chance.choice("abcdefghij")
        made.append(
            chance.choice(
                [
                    given[: chance.randint(2, 5)],
                    family[: chance.randint(2, 6)],
                    f"{given} {family}",
                    f"{family[:3]} {given[:3]}",
                    family[1:5],
                    "".join(wrong),
                    f"{given} {''.join(wrong)}",
                    family[:2] + family[3:],
                ]
            ).lower()
        )
    return made


def _text(pupils: list[tuple[str, str]], chance: random.Random) -> str:
    """Return 10,000 characters as they are written, with forty names in them."""
    words = [
        "the",
        "was",
        "said",
        "that",
        "after",
        "lunch",
        "he",
        "will",
        "not",
        "go",
        "home",
        "May",
    ]
    text = [" ".join(chance.choice(pupils)) for _ in range(20)] + ["Jack", "Olivia", "Smith"]
    text += [chance.choice(pupils)[0] for _ in range(20)]
    while sum(map(len, text)) + len(text) < 10_000:
        text.append(chance.choice(words) if chance.random() < 0.8 else _name(chance, 1).lower())
    chance.shuffle(text)
    return " ".join(text)[:10_000]


def _sequential(typed: str) -> list[Any]:
    """Search as it was done before: every row's names put together, folded and read."""
    from django.db.models import F, Func, TextField, Value
    from django.db.models.functions import Concat, Lower

    from schools.models import Student

    if not typed.strip():
        return []
    columns = ("given_name", "preferred_given_name", "family_name")
    parts = [part for column in columns for part in (F(column), Value(" "))]
    whole = Func(Lower(Concat(*parts)), function="unaccent", output_field=TextField())
    rows = Student.objects.current().annotate(searched=whole)
    for word in typed.split()[:6]:
        rows = rows.filter(searched__contains=Func(Lower(Value(word)), function="unaccent"))
    return list(rows.order_by("family_name", "given_name", "id")[:12])


def _measure() -> dict[str, object]:
    from core.tenancy import in_school
    from schools.selectors import staff_named, students_named
    from schools.selectors.named_in_text import named_in
    from tests import factories

    chance = random.Random(2026)  # noqa: S311 - the same names every time
    school = factories.onboard(factories.GREENWOOD)
    with in_school(school):
        reader = factories.make_staff("teacher").reader
        pupils = _fill(school, chance)
        queries = _queries(pupils, chance)
        ways = [lambda q: students_named(reader, q), staff_named]
        for way in ways:
            way("warm")
        ours, staff = ([_ms(way, q) for q in queries] for way in ways)
        before = [_ms(_sequential, q) for q in queries[::10]]
        texts = [_text(pupils, chance) for _ in range(30)]
        named_in(reader, texts[0], chosen=[])
        checks = [_ms(lambda text: named_in(reader, text, chosen=[]), text) for text in texts]
    slowest = max(zip(ours, queries, strict=True))
    return {
        "students": STUDENTS,
        "queries": len(queries),
        "students_p50_ms": _p50(ours),
        "students_p95_ms": _p95(ours),
        "students_max_ms": round(slowest[0], 2),
        "slowest": slowest[1],
        "staff_p95_ms": _p95(staff),
        "sequential_p50_ms": _p50(before),
        "ratio": round(median(before) / median(ours), 1),
        "budget_ms": 15,
        "text_p50_ms": _p50(checks),
        "text_p95_ms": _p95(checks),
        "text_budget_ms": 50,
    }


def _ms(way: Callable[[str], Any], said: str) -> float:
    """Return the least of three times: what else the machine does is not measured."""
    taken = []
    for _ in range(3):
        begin = time.perf_counter()
        way(said)
        taken.append(time.perf_counter() - begin)
    return min(taken) * 1000


def _p50(taken: list[float]) -> float:
    return round(median(taken), 2)


def _p95(taken: list[float]) -> float:
    return round(quantiles(taken, n=20)[-1], 2)


if __name__ == "__main__":
    main()
