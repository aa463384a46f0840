"""A page as somebody without JavaScript has it: its words, its links, its forms to fill in."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

_UNSEEN = {"template", "script", "style", "head", "dialog"}
_VOID = {"input", "br", "img", "meta", "link", "hr", "source", "wbr"}
_CAPTIONS = {"label", "legend", "button"}
_HEADINGS = {"h1", "h2", "h3"}
_INLINE = {"a", "b", "em", "i", "path", "span", "strong", "svg", "time"}


@dataclass
class Form:
    """A form with what a browser would post of it.

    Attributes:
        url: Where it is posted to.
        captions: Labels, legends and buttons in their order.
        fields: Name to values, as the page filled them in.
        offered: Name to the values of its tick boxes, radio buttons and list options.
    """

    url: str
    captions: list[str] = field(default_factory=list)
    fields: dict[str, list[str]] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)

    def filled(self, **typed: Any) -> dict[str, Any]:
        """Return what is posted after somebody typed and ticked; ``None`` takes a field out."""
        data: dict[str, Any] = self.fields | {
            name: value if isinstance(value, list) else [value]
            for name, value in typed.items()
            if value is not None
        }
        return {name: values for name, values in data.items() if typed.get(name, "") is not None}

    def submit(self, client: Any, **typed: Any) -> Any:
        """Press its button; with ``follow`` go where the answer leads."""
        follow = typed.pop("follow", False)
        return client.post(self.url, self.filled(**typed), follow=follow)


class Page(HTMLParser):
    """The page that a response holds."""

    def __init__(self, response: Any) -> None:
        super().__init__(convert_charrefs=True)
        self.url = response.wsgi_request.get_full_path()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.headings: list[str] = []
        self.titles: dict[str, str] = {}
        self._words: list[str] = []
        self._open: list[tuple[str, dict[str, str]]] = []
        self._caught: list[tuple[str, dict[str, str], list[str]]] = []
        self._form: Form | None = None
        self.feed(response.content.decode())
        assert self._open == [], f"not closed: {self._open}"

    @property
    def text(self) -> str:
        """Everything there is to read, with single spaces."""
        return " ".join("".join(self._words).split())

    def form(self, button: str) -> Form:
        """The one form with a button of this name."""
        (found,) = (form for form in self.forms if button in form.captions)
        return found

    def between(self, start: str, end: str = "") -> str:
        """What there is to read from one phrase to the next."""
        rest = self.text.partition(start)[2]
        return rest.partition(end)[0] if end else rest

    def link(self, words: str) -> str:
        """Where the first link with exactly these words leads."""
        return next(url for said, url in self.links if said == words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._part(tag)
        if tag not in _VOID:
            self._open.append((tag, given))
        if self._is_unseen:
            return
        if tag == "form":
            url = urljoin(self.url, given["action"]) if given.get("action") else self.url
            self._form = Form(url)
            self.forms.append(self._form)
        elif tag in {"input", "option"}:
            self._control(tag, given)
        elif tag == "time":
            self.titles[given.get("title", "")] = given["datetime"]
        if (
            tag in {*_CAPTIONS, *_HEADINGS, "a", "textarea"}
            or "govuk-label" in given.get("class", "").split()
        ):
            self._caught.append((tag, given, []))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._part(tag)
        opened, given = self._open.pop()
        assert opened == tag, f"</{tag}> closes <{opened}>"
        if self._caught and self._caught[-1][0] == tag and self._caught[-1][1] is given:
            _, _, words = self._caught.pop()
            self._close(tag, given, "".join(words))
        if tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        if self._is_unseen:
            return
        for _, _, words in self._caught:
            words.append(data)
        self._words.append(data)

    def _part(self, tag: str) -> None:
        # Words of two blocks do not run together.
        if tag not in _INLINE:
            self._words.append(" ")

    def _close(self, tag: str, given: dict[str, str], words: str) -> None:
        said = " ".join(words.split())
        if tag == "a":
            self.links.append((said, given.get("href", "")))
        elif tag == "textarea":
            self._put(given["name"], words.removeprefix("\n"))
        elif tag in _HEADINGS:
            self.headings.append(said)
        elif self._form is not None:
            self._form.captions.append(said or given.get("aria-label", ""))

    def _control(self, tag: str, given: dict[str, str]) -> None:
        if tag == "option":
            select = [attrs for name, attrs in self._open if name == "select"]
            if select:  # else it is of a list of suggestions
                self._offer(select[-1]["name"], given["value"], is_on="selected" in given)
        elif given.get("type") in {"checkbox", "radio"}:
            self._offer(given["name"], given.get("value", "on"), is_on="checked" in given)
        elif given.get("type") not in {"file", "submit"}:
            self._put(given["name"], given.get("value", ""))

    def _offer(self, name: str, value: str, *, is_on: bool) -> None:
        if self._form is not None:
            self._form.offered.setdefault(name, []).append(value)
        if is_on:
            self._put(name, value)

    def _put(self, name: str, value: str) -> None:
        if self._form is not None:
            self._form.fields.setdefault(name, []).append(value)

    @property
    def _is_unseen(self) -> bool:
        return any(tag in _UNSEEN for tag, _ in self._open)


def in_order(found: list[str], expected: list[str]) -> list[str]:
    """Return those of ``found`` that are expected, for comparing their order."""
    return [one for one in found if one in expected]
