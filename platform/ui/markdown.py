"""Markdown as pages show it: rendered by the reference rules, dressed as components, sanitised.

HTML in a text is no markup: it is shown as it was typed. What comes out holds only the tags,
attributes and schemes named here, whatever went in.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import nh3
from django.utils.safestring import SafeString
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

_CLASSES = {
    "p": "govuk-body",
    "h2": "govuk-heading-m",
    "h3": "govuk-heading-s",
    "ul": "govuk-list govuk-list--bullet",
    "ol": "govuk-list govuk-list--number",
    "a": "govuk-link",
    "table": "govuk-table",
    "thead": "govuk-table__head",
    "tbody": "govuk-table__body",
    "tr": "govuk-table__row",
    "th": "govuk-table__header",
    "td": "govuk-table__cell",
}
#: The page has the one first heading; there is no fourth.
_LEVELS = {"h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3"}
_TAGS = {*_CLASSES, "li", "strong", "em", "code", "blockquote", "br"}
_ATTRIBUTES: dict[str, set[str]] = {
    # Without this, the library's own: language and title.
    "*": set(),
    "h2": {"id"},
    "h3": {"id"},
    "a": {"href"},
    "th": {"scope"},
    "ol": {"start"},
}
#: No other class, so that nobody dresses a text up as a part of the page.
_ALLOWED_CLASSES = {tag: set(classes.split()) for tag, classes in _CLASSES.items()}
_SCHEMES = {"https", "mailto", "tel"}


@dataclass(frozen=True, kw_only=True)
class Part:
    """A stretch of a text under one heading; the first has the page's own title, and no anchor."""

    anchor: str
    title: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A text as pages show it.

    Attributes:
        html: Sanitised.
        parts: Its words by heading, for a list of contents and for searching.
    """

    html: SafeString
    parts: tuple[Part, ...]

    @property
    def words(self) -> str:
        """Everything that it says, without marks."""
        return " ".join(" ".join(part.words for part in self.parts).split())


def render(
    text: str, *, title: str = "", address: Callable[[str], str] = str, anchors: str = ""
) -> Rendered:
    """Render a text.

    Args:
        text: Markdown (CommonMark, and tables); pictures and HTML are shown as they were typed.
        title: Of the page, for its first part.
        address: Makes the address that a link leads to out of the one that was typed.
        anchors: What the name of each anchor begins with.
    """
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    tokens = parser.parse(text)
    _dress(tokens, address, anchors)
    html = nh3.clean(
        parser.renderer.render(tokens, parser.options, {}),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_ALLOWED_CLASSES,
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    return Rendered(html=SafeString(html), parts=tuple(_parts(title, tokens)))


def _dress(tokens: list[Token], address: Callable[[str], str], anchors: str) -> None:
    """Give each tag the class of its component, each heading an anchor, each link its address."""
    taken: set[str] = set()
    for token, after in zip(tokens, [*tokens[1:], None], strict=False):
        token.tag = _LEVELS.get(token.tag, token.tag)
        if token.nesting == 1 and token.tag in _CLASSES:
            token.attrSet("class", _CLASSES[token.tag])
        if token.type == "heading_open" and after:
            token.attrSet("id", _anchor(anchors + slugify(_words(after)), taken))
        if token.tag == "th" and token.nesting == 1:
            token.attrSet("scope", "col")
        for inner in token.children or ():
            if inner.type == "link_open":
                inner.attrSet("class", _CLASSES["a"])
                inner.attrSet("href", address(str(inner.attrGet("href"))))


def _anchor(wanted: str, taken: set[str]) -> str:
    """Return a name that no heading before has."""
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    taken.add(name)
    return name


def _parts(title: str, tokens: list[Token]) -> Iterator[Part]:
    anchor, name, words = "", title, [""]
    for token, after in zip(tokens, [*tokens[1:], None], strict=False):
        if token.type == "heading_open" and after:
            yield Part(anchor=anchor, title=name, words=" ".join(words))
            anchor, name, words = str(token.attrGet("id")), _words(after), []
        elif token.type == "inline":
            words.append(_words(token))
        elif token.type in {"fence", "code_block"}:
            words.append(token.content)
    yield Part(anchor=anchor, title=name, words=" ".join(words))


def _words(token: Token) -> str:
    return "".join(inner.content or " " * (inner.nesting == 0) for inner in token.children or ())
