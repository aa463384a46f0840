"""Markdown on a page: what it makes of honest text, and that nothing else comes out of any text."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ui.markdown import render

TAGS = {
    *("p", "h2", "h3", "ul", "ol", "li", "a", "strong", "em", "code", "blockquote", "br"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"class", "id", "href", "scope", "start"}
SCHEMES = ("https:", "mailto:", "tel:")


class Judge(HTMLParser):
    """Collects what a page would make of a text, as a browser reads it."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.links, self.others = set(), set(), [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value for name, value in attrs if name == "href"]
        self.others += [v for name, v in attrs if name == "class" and not is_ours(v)]

    def handle_comment(self, data):
        self.others.append(data)

    def handle_decl(self, decl):
        self.others.append(decl)

    def handle_pi(self, data):
        self.others.append(data)


def is_ours(classes):
    return all(one.startswith("govuk-") for one in classes.split())


def leads_away(link):
    """Say whether a link has a scheme that is none of ours; browsers pass over white space in it."""
    plain = "".join(link.split()).lower()
    return bool(re.match(r"[a-z][a-z0-9+.-]*:", plain)) and not plain.startswith(SCHEMES)


def assert_harmless(text):
    judge = Judge(render(text, anchors="part-").html)
    assert judge.tags <= TAGS
    assert judge.attributes <= ATTRIBUTES
    assert judge.others == []
    assert [link for link in judge.links if leads_away(link)] == []


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src='https://evil.example'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>*{display:none}</style>",
    "<p class='ui-bar' style='position:fixed' id='main' onclick='x()'>x</p>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](data:image/png;base64,AAAA)",
    "![x](data:image/svg+xml;base64,AAAA)",
    "![x](https://tracker.example/1.gif)",
    "[x](http://plain.example)",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://a.example "onmouseover=alert(1)")',
    "# <b onclick=x>\n\n## x",
    "```<script>\nalert(1)\n```",
    "<!-- --><!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<math><mi//xlink:href='data:x,<script>alert(4)</script>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "| <script> |\n|---|\n| [x](javascript:1) |",
    "\u0000<scr\u0000ipt>",
    "<form action=https://evil.example><input name=password>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_comes_out_as_words(attack):
    assert_harmless(attack)
    for wrapped in (
        f"> {attack}",
        f"- {attack}",
        f"**{attack}**",
        f"[{attack}](https://a.example)",
    ):
        assert_harmless(wrapped)


_PIECES = st.one_of(
    st.sampled_from(ATTACKS),
    st.sampled_from(
        ["<", ">", "[", "](", ")", "`", "javascript:", "\n", "&#x3A;", "\\", '"', "|", "#"]
    ),
    st.text(max_size=12),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_PIECES, max_size=12).map("".join))
@example("[a](<javascript:alert(1)>)")
def test_no_text_at_all_makes_anything_else(text):
    assert_harmless(text)


def test_honest_text_is_dressed_as_components():
    rendered = render(
        "# First\n\nSome *words*, `code` and a [link](https://help.example).\n\n- one\n- two\n\n"
        "## First\n\n#### Deep\n\n1. a\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\nTwo  \nlines.",
        title="Page",
        anchors="part-",
    )
    html = rendered.html
    assert '<h2 class="govuk-heading-m" id="part-first">First</h2>' in html
    assert '<h2 class="govuk-heading-m" id="part-first-2">First</h2>' in html
    assert '<h3 class="govuk-heading-s" id="part-deep">Deep</h3>' in html
    assert '<a href="https://help.example" class="govuk-link">link</a>' in html
    assert '<ul class="govuk-list govuk-list--bullet">' in html
    assert '<th class="govuk-table__header" scope="col">A</th>' in html
    assert "<code>code</code>" in html
    assert "Two<br>" in html
    assert [part.title for part in rendered.parts] == ["Page", "First", "First", "Deep"]
    assert rendered.words.startswith("First Some words, code and a link.")


def test_nothing_makes_nothing():
    assert (render("").html, render("").words) == ("", "")


def test_html_is_shown_as_it_was_typed():
    assert "&lt;b&gt;bold&lt;/b&gt;" in render("<b>bold</b>").html
