"""The catalogues: words out of the sources, translations into what Django reads.

``python -m infra.messages update`` brings each ``django.po`` up to date and keeps what was
translated, and makes the ``.mo`` files; without ``update`` it only makes those. Babel does both, so that no GNU gettext is needed.
"""

# ruff: noqa: T201 - a command-line tool

import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "platform" / "locale"
SOURCES = ("platform", "tenants", "schools", "safeguarding", "notifications", "helpdesk", "support")
#: Invented people and examples for whoever builds pages; nobody else sees them.
_NOT_SHOWN = re.compile(r"/(migrations|node_modules|static)/|style_guide|ui/views\.py|ui/marks\.py")

#: By name, which arguments are words; ``c`` is a context.
KEYWORDS: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (1,)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
#: A call in what Django makes of a template; the rest of it is no Python.
_CALL = re.compile(r"\b_?(?:n?p?gettext|_)\((?:[^()'\"]|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")*\)")
#: As Django's own Welsh catalogue has it: 1, 2, 8 and 11, all others.
_PLURALS = {
    "cy": "nplurals=4; plural=(n==1) ? 0 : (n==2) ? 1 : (n != 8 && n != 11) ? 2 : 3;",
}
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
#: No dates, no names of people or machines: a file changes only where its words do.
_HEADER = """\
# Translations of the words on screens and in emails; platform/docs/welsh.md has the glossary.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def extracted() -> Catalog:
    """Return every string of the sources that is marked."""
    found = Catalog(charset="utf-8")
    for path in _files():
        where = str(path.relative_to(ROOT))
        for words, context in _words_of(path):
            found.add(words, context=context, locations=[(where, 0)])
    return found


def catalogue(language: str) -> Catalog:
    """Return a language's translations."""
    path = po_file(language)
    if not path.exists():
        return read_po(io.StringIO(_header(language)))
    with path.open(encoding="utf-8") as file:
        return read_po(file)


def updated(language: str) -> str:
    """Return the text of ``django.po`` with the words of the sources, each with its translation."""
    known, wanted = catalogue(language), read_po(io.StringIO(_header(language)))
    for message in extracted():
        if not message.id:
            continue
        kept = known.get(_singular(message), message.context)
        same_shape = kept is not None and isinstance(kept.id, str) == isinstance(message.id, str)
        wanted.add(
            message.id,
            kept.string if kept and same_shape else _nothing(message, known),
            context=message.context,
            locations=sorted(set(message.locations)),
            flags=message.flags,
            user_comments=kept.user_comments if kept else (),
        )
    text = io.BytesIO()
    write_po(text, wanted, width=100, omit_header=True, sort_output=True, include_lineno=False)
    return _header(language) + text.getvalue().decode()


def po_file(language: str) -> Path:
    """Return where a language's translations are."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def update() -> None:
    """Bring each ``django.po`` up to date, and say what is left to translate."""
    for language in _PLURALS:
        text = updated(language)
        po_file(language).write_text(text, encoding="utf-8")
        missing = [one for one in catalogue(language) if one.id and not all(strings_of(one))]
        print(f"{po_file(language).relative_to(ROOT)}: {len(missing)} to translate")
        for one in missing:
            print(f"  {_singular(one)}")


def compile_all(into: Path = LOCALE) -> None:
    """Make the ``.mo`` files."""
    for language in _PLURALS:
        compile_one(catalogue(language), into / language / "LC_MESSAGES" / "django.mo")


def compile_one(translations: Catalog, path: Path) -> None:
    """Write what Django reads; a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Babel writes down when; the same words are to be the same file.
    translations.creation_date = translations.revision_date = _NO_DATE
    new = path.with_suffix(".new")
    with new.open("wb") as file:
        write_mo(file, translations)
    new.replace(path)


def _header(language: str) -> str:
    return _HEADER.format(language=language, plurals=_PLURALS[language])


def _files() -> Iterator[Path]:
    for source in SOURCES:
        for path in sorted((ROOT / source).rglob("*")):
            shown = not _NOT_SHOWN.search(path.as_posix())
            if (path.suffix == ".py" and shown) or (
                path.suffix in {".html", ".txt"} and shown and "/templates/" in path.as_posix()
            ):
                yield path


def _words_of(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        text = "\n".join(_CALL.findall(templatize(text)))
    source = io.BytesIO(text.encode())
    found: Any = extract_python(source, KEYWORDS, [], {})  # its own types say less than it gives
    for _line, function, words, _comments in found:
        yield from _message(function, words)


def _message(function: str, words: Any) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    given = [words] if isinstance(words, str) else list(words or ())
    shape = KEYWORDS[function]
    context = given.pop(0) if isinstance(shape[0], tuple) else None
    wanted = len(shape) - (context is not None)
    strings = given[:wanted]
    # What is worked out at run time is marked where it is written down.
    if len(strings) == wanted and all(strings):
        yield (strings[0] if wanted == 1 else tuple(strings)), context


def _singular(message: Any) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def strings_of(message: Any) -> tuple[str, ...]:
    """Return a message's translation in all its forms."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def _nothing(message: Any, known: Catalog) -> str | tuple[str, ...]:
    return "" if isinstance(message.id, str) else ("",) * known.num_plurals


if __name__ == "__main__":
    if sys.argv[1:] == ["update"]:
        update()
    compile_all()
