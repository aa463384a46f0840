"""Names inside texts: what is found, what is let be."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.everyday_words import EVERYDAY_WORDS
from ui.names_in_text import StudentNames, folded, merged, names_in

ZOE = StudentNames(ref="zoe", given_name="Zoë", family_name="O'Neill")
GRACE = StudentNames(ref="grace", given_name="Grace", family_name="Will")
LI_NA = StudentNames(
    ref="li", given_name="Li Na", family_name="Clarke-Reid", preferred_given_name="Lina"
)
ANN = StudentNames(ref="ann", given_name="Ann", family_name="James")
EVERYBODY = [ZOE, GRACE, LI_NA, ANN]


def named(text, *students):
    found = names_in(text, students or EVERYBODY)
    return [(text[start:end]) for start, end in merged(found)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Zoë O'Neill fell", ["Zoë O'Neill"]),
        ("zoe o’neill fell", ["zoe o’neill"]),
        ("ZOË fell, then Zoe's mother rang", ["ZOË", "Zoe"]),
        ("O'Neill, Zoë", ["O'Neill, Zoë"]),
        ("Zoë\n O'Neill’s coat", ["Zoë\n O'Neill"]),
        ("Ann James' bag", ["Ann James"]),
        ("James’s bag", ["James"]),
        ("Lina and Li Na and Li", ["Lina", "Li Na", "Li"]),
        ("Li Na Clarke\N{HYPHEN}Reid; Reid", ["Li Na Clarke\N{HYPHEN}Reid", "Reid"]),
        ("Annual; Jameson; scann", []),
        ("Grace hit Will", ["Grace", "Will"]),
        ("grace may be said; GRACE", []),
        ("grace will hit her", ["grace will"]),
        (
            "grace.will@pupils.example; WILL,grace; grace/will",
            ["grace.will", "WILL,grace", "grace/will"],
        ),
        ("(Ann)", ["Ann"]),
        ("", []),
    ],
)
def test_g7_01_names_are_found_as_people_write_them(text, names):
    assert named(text) == names


def test_g7_01_a_decomposed_accent_belongs_to_the_name():
    text = unicodedata.normalize("NFD", "Yesterday Zoë’s coat")
    (place,) = merged(names_in(text, [ZOE]))
    assert text[slice(*place)] == unicodedata.normalize("NFD", "Zoë")


def test_namesakes_are_each_found_and_a_whole_name_is_told_from_a_part():
    other = StudentNames(ref="other", given_name="Ann", family_name="Quirke")
    found = names_in("Ann Quirke", [ANN, other])
    assert {(one.ref, one.is_whole) for one in found} == {
        ("ann", False),
        ("other", False),
        ("other", True),
    }


def test_everyday_words_are_folded():
    assert {word for word in EVERYDAY_WORDS if folded(word) != word} == set()


_names = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Mn"]), min_size=2).filter(
    lambda name: folded(name).strip().isalpha() and folded(name) not in EVERYDAY_WORDS
)


@given(_names, _names, st.sampled_from(["upper", "lower", "nfd", "nfc", "same"]))
def test_g7_01_a_whole_name_is_found_in_any_capitals_and_composition(first, last, how):
    student = StudentNames(ref="x", given_name=first, family_name=last)
    written = {
        "upper": str.upper,
        "lower": str.lower,
        "nfd": lambda text: unicodedata.normalize("NFD", text),
        "nfc": lambda text: unicodedata.normalize("NFC", text),
        "same": str,
    }[how](f"{first} {last}")
    text = f"At 8:50 {written}’s arm"
    assert any(text[start:end].strip() for start, end in merged(names_in(text, [student])))
    left = text
    for start, end in reversed(merged(names_in(text, [student]))):
        left = left[:start] + "★" + left[end:]
    assert folded(f"{first} {last}") not in folded(left)
