"""The words of an HTML mail: nothing is fetched and nothing runs.

Ours, since ``html.parser`` needs hours for a megabyte of broken tags, and every mail is somebody's.
One pass: each find moves on or is the last.
"""

import re
from html import unescape

_TAG = re.compile(r"<(/?)([a-z][^\s/>]*)", re.IGNORECASE)
_UNSEEN = frozenset({"head", "template"})
#: Up to their end tag they hold no marks, whatever looks like one.
_RAW = {
    name: re.compile(rf"</{name}", re.IGNORECASE)
    for name in ("script", "style", "title", "noframes")
}
_BLOCKS = frozenset(
    {"address", "blockquote", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol"}
    | {"p", "pre", "section", "table", "td", "th", "tr", "ul"}
)
#: Mail programs say so of a letter that is answered; whoever indents their own words does not.
_QUOTES = re.compile(r"cite|quote|border-left", re.IGNORECASE)


def text_of_html(html: str) -> str:
    """Return what there is to read, a line for each block; quoted blocks begin with “> ”."""
    words = _Words()
    words.read(html)
    lines = (" ".join(line.split()) for line in "".join(words.pieces).split("\n"))
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()


class _Words:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._unseen = 0
        #: Of each block quote that is open: whether it quotes a letter.
        self._open: list[bool] = []
        self._quoted = 0

    def read(self, html: str) -> None:
        """Take a page in."""
        at = 0
        while (mark := html.find("<", at)) >= 0:
            self._say(html[at:mark])
            at = self._pass(html, mark)
        self._say(html[at:])

    def _pass(self, html: str, at: int) -> int:
        """Take in what begins with “<”; return where it ends."""
        if html.startswith("<!--", at):
            return _after(html, "-->", at + 4)
        if html.startswith(("<!", "<?"), at):
            return _after(html, ">", at)
        tag = _TAG.match(html, at)
        end = html.find(">", tag.end()) + 1 if tag else 0
        if not tag or not end:  # “<” as people write it, or a tag that breaks off
            until = len(html) if tag else at + 1
            self._say(html[at:until])
            return until
        name = tag[2].lower()
        if tag[1]:
            self._ends(name)
        else:
            self._begins(name, html[tag.end() : end])
            if name in _RAW:
                closing = _RAW[name].search(html, end)
                return closing.start() if closing else len(html)
        return end

    def _begins(self, name: str, attributes: str) -> None:
        self._unseen += name in _UNSEEN
        if name == "blockquote":
            is_quote = not attributes.strip("> ") or bool(_QUOTES.search(attributes))
            self._open.append(is_quote)
            self._quoted += is_quote
        self._block(name)

    def _ends(self, name: str) -> None:
        if name in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if name == "blockquote" and self._open:
            self._quoted -= self._open.pop()
        self._block(name)

    def _say(self, text: str) -> None:
        if self._unseen or not text:
            return
        try:
            said = unescape(text)
        except ValueError:  # a number of thousands of digits
            said = text
        self.pieces.append(said.replace("\n", " "))

    def _block(self, name: str) -> None:
        if name in _BLOCKS:
            self.pieces.append("\n> " if self._quoted else "\n")


def _after(html: str, mark: str, at: int) -> int:
    found = html.find(mark, at)
    return len(html) if found < 0 else found + len(mark)
