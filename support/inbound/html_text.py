"""The words of an HTML mail: nothing is fetched and nothing runs."""

from html.parser import HTMLParser

from typing_extensions import override

_UNSEEN = frozenset({"head", "script", "style", "template", "title"})
_BLOCKS = frozenset(
    {"address", "blockquote", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol"}
    | {"p", "pre", "section", "table", "td", "th", "tr", "ul"}
)


def text_of_html(html: str) -> str:
    """Return what there is to read, a line for each block; quoted blocks begin with “> ”."""
    parser = _Words()
    parser.feed(html)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.pieces).split("\n"))
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen = 0
        self._quoted = 0

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        self._quoted += tag == "blockquote"
        self._block(tag)

    @override
    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._block(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)
        self._block(tag)

    @override
    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(data.replace("\n", " "))

    def _block(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.pieces.append("\n> " if self._quoted else "\n")
