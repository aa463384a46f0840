"""The two invented schools: how big they are, and who must be there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from infra.demo_data import names

Name = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Class:
    """A registration class of one year (0 is Reception) and how many are in it."""

    title: str
    year: int
    size: int


@dataclass(frozen=True, kw_only=True)
class School:
    """What the export of an invented school is made from.

    Attributes:
        domain: Where its email addresses are.
        primaries: Local authority and establishment numbers that its UPNs were given at.
        staff: People whose address and role the demo relies on.
        staff_roles: Role -> how many, those in ``staff`` among them.
        pupils: Year -> pupils who must be there.
        subjects: Taught in classes of their own beside the registration class.
        is_excel: Written as Excel does: byte-order mark and CRLF.
        upn_column: Where its MIS puts the UPN.
        grade: How its MIS writes a year.
    """

    seed: int
    name: str
    urn: str
    domain: str
    primaries: tuple[str, ...]
    classes: tuple[Class, ...]
    staff: tuple[tuple[str, str, str, str], ...]
    staff_roles: Mapping[str, int]
    pupils: Mapping[int, tuple[Name, ...]] = field(default_factory=dict)
    subjects: tuple[str, ...] = ()
    is_excel: bool = False
    upn_column: str = "userIds"
    grade: str = "{}"


GREENWOOD = School(
    seed=1,
    name="Greenwood Primary School",
    urn="123456",
    domain="greenwood.example",
    primaries=("8992001",),
    classes=tuple(
        Class(title=title, year=year, size=30)
        for year, title in enumerate(
            ("Acorn", "1 Beech", "2 Cherry", "3 Elm", "4 Hazel", "5 Maple", "6 Oak")
        )
    ),
    staff=(
        ("head@greenwood.example", "Helen", "Marsh", "administrator"),
        ("dsl@greenwood.example", "Anna", "Cohen", "teacher"),
        ("teacher@greenwood.example", "Tom", "Okafor", "teacher"),
        ("ta@greenwood.example", "Priya", "Nair", "aide"),
    ),
    staff_roles={"administrator": 4, "teacher": 11, "aide": 9},
    pupils={
        0: (("Mohammed", "Khan"),),
        1: (("Maddy", "Greenwood"),),
        2: (("Will", "Thompson"), ("Olivia", "Smith")),
        3: (("Elsie", "Davies"), ("Tomos", "Davies")),
        4: (names.LONG_NAME, ("Mohammed", "Khan")),
        5: (("Grace", "Owusu"), ("Jean-Luc", "D'Souza")),
        6: (("Zoë", "O'Brien-Kowalski"), ("Olivia", "Smith")),
    },
    is_excel=True,
)

HILLSIDE = School(
    seed=2,
    name="Hillside Academy",
    urn="123457",
    domain="hillside.example",
    primaries=("8992001", "8992014", "8992120", "8993007", "8983302"),
    classes=(
        *(
            Class(title=f"{year}{letter}", year=year, size=size)
            for year in range(7, 12)
            for letter, size in (("A", 23), ("B", 23), ("C", 22))
        ),
        *(
            Class(title=f"{year}{letter}", year=year, size=20)
            for year in (12, 13)
            for letter in "AB"
        ),
    ),
    staff=(
        ("head@hillside.example", "Gareth", "Pugh", "administrator"),
        ("dsl@hillside.example", "Ruth", "Adeyemi", "teacher"),
        ("teacher@hillside.example", "Sam", "Whitlock", "teacher"),
        ("ta@hillside.example", "Mei Lin", "Chan", "aide"),
    ),
    staff_roles={"administrator": 6, "teacher": 29, "aide": 9, "proctor": 1},
    pupils={
        7: (("Mohammed", "Khan"), ("Hope", "Marsden")),
        8: (("Will", "Carter"), ("Jack", "Taylor")),
        9: (names.LONG_NAME, ("Mohammed", "Khan")),
        10: (("Grace", "Adébáyò"), ("Siân", "Ní Dhomhnaill-Smith")),
        11: (("Jack", "Taylor"), ("Łukasz", "O'Connor")),
        12: (("Mohammed", "Khan"),),
        13: (("May", "Hill"),),
    },
    subjects=("English", "Mathematics"),
    upn_column="identifier",
    grade="{:02}",
)
