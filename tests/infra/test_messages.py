"""The catalogue of Welsh words: up to date, complete, and with the shape of the English ones."""

import gettext
import importlib
import re
from collections import Counter
from pathlib import Path

import pytest

from core import words_of_others
from infra import messages

PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|%%s|%[sd]|\{\w*\}")
TAGS = re.compile(r"</?\w+[^>]*>")
ENDS = re.compile(r"[.:?!…]$")


def translated():
    return [one for one in messages.catalogue("cy") if one.id]


def compiled(path):
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)


def pairs(message):
    """Each English form with the Welsh ones that take its place."""
    if isinstance(message.id, str):
        return [(message.id, message.string)]
    one, many = message.id
    return [(one, message.string[0]), *((many, words) for words in message.string[1:])]


def name(message):
    return message.id if isinstance(message.id, str) else message.id[0]


def test_catalogue_holds_every_word_of_the_sources_and_no_other():
    path = messages.po_file("cy")
    assert messages.updated("cy") == path.read_text(encoding="utf-8"), "run make messages"


def test_extraction_sees_python_templates_constants_plurals_and_contexts():
    found = {(name(one), one.context) for one in messages.extracted() if one.id}
    assert ("The incident was added.", None) in found  # views
    assert ("You cannot change your own access. Ask another administrator.", None) in found  # terms
    assert ("Add Incident", None) in found  # {% ui_button _("…") %}
    assert ("%(number)s incident", None) in found  # {% blocktranslate count %}
    assert ("From", "first day") in found  # pgettext_lazy
    assert ("To", "alert") in found  # {% translate … context %}


def test_every_message_is_translated_and_none_is_a_guess():
    missing = [name(one) for one in translated() if not all(messages.strings_of(one))]
    assert missing == []
    assert [name(one) for one in translated() if one.fuzzy] == []
    assert list(messages.catalogue("cy").obsolete) == []


@pytest.mark.parametrize("pattern", [PLACEHOLDERS, TAGS, ENDS], ids=["placeholders", "tags", "end"])
def test_translations_have_the_placeholders_tags_and_endings_of_the_english(pattern):
    bent = [
        (english, welsh)
        for message in translated()
        for english, welsh in pairs(message)
        if Counter(pattern.findall(english)) != Counter(pattern.findall(welsh))
        # Said without the number, since only this one has it.
        and not (pattern is PLACEHOLDERS and isinstance(message.id, tuple) and one_alone(message))
    ]
    assert bent == []


def one_alone(message):
    return "%" not in message.id[0]


def test_apostrophes_and_spaces_are_those_of_people():
    for message in translated():
        for _english, welsh in pairs(message):
            assert welsh == welsh.strip(), welsh
            assert "  " not in welsh, welsh


def test_plural_forms_are_djangos_own():
    import django

    path = Path(django.__file__).parent / "conf/locale/cy/LC_MESSAGES/django.mo"
    theirs = compiled(path).info()["plural-forms"]
    ours = messages.catalogue("cy").plural_forms
    assert re.sub(r"\s", "", theirs).rstrip(";") == re.sub(r"\s", "", ours).rstrip(";")


def test_compiled_catalogue_says_what_the_source_says(tmp_path):
    messages.compile_all(tmp_path)
    made = tmp_path / "cy" / "LC_MESSAGES" / "django.mo"
    welsh = compiled(made)
    assert welsh.gettext("Add Incident") == "Ychwanegu Digwyddiad"
    counted = [welsh.ngettext("%(n)d minute ago", "%(n)d minutes ago", n) for n in (1, 2, 3, 8)]
    assert counted[1] == "%(n)d funud yn ôl"
    in_use = messages.LOCALE / "cy" / "LC_MESSAGES" / "django.mo"
    assert made.read_bytes() == in_use.read_bytes(), "run make dev"


def test_updating_keeps_translations_and_adds_what_is_new(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    messages.po_file("cy").parent.mkdir(parents=True)
    old = (
        messages._header("cy")
        + 'msgid "Log in"\nmsgstr "Mewngofnodi"\n\nmsgid "Gone"\nmsgstr "X"\n'
    )
    messages.po_file("cy").write_text(old)
    messages.po_file("cy").write_text(text := messages.updated("cy"))
    assert 'msgid "Log in"\nmsgstr "Mewngofnodi"' in text
    assert "Gone" not in text
    assert 'msgid "Log out"\nmsgstr ""' in text
    assert messages.updated("cy") == text
    assert str(messages.ROOT) not in text
    assert "Date" not in messages._header("cy")


def test_what_others_say_is_still_said_by_them():
    said = "".join(
        path.read_text(encoding="utf-8")
        for module in ("django", "allauth", "rest_framework")
        for path in Path(importlib.import_module(module).__file__).parent.rglob("*.py")
        if "/tests/" not in path.as_posix()
    )
    said = re.sub(r'"\s*\n\s*"', "", said)
    quoted = {words for pair in re.findall(r'"([^"\n]+)"|\'([^\'\n]+)\'', said) for words in pair}
    counted = re.findall(r'ngettext_lazy\(\s*"([^"]+)"', Path(words_of_others.__file__).read_text())
    assert len(counted) == len(words_of_others.COUNTED)
    assert [words for words in (*words_of_others.WORDS, *counted) if words not in quoted] == []
