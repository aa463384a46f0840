"""Templates: what somebody wrote is shown as text, and no script or style stands in a page."""

import ast
import re

import pytest

from tests.architecture.sources import files, nodes

pytestmark = pytest.mark.architecture

_UNESCAPED = re.compile(r"\|\s*safe(seq)?\b|{%\s*autoescape\s+off")
_INLINE = re.compile(
    r"<script(?![^>]*\ssrc=)|<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:", re.IGNORECASE
)
_ELSEWHERE = re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""", re.IGNORECASE)


def templates():
    return [path for path in files(".html") if "templates" in path.parts]


def test_the_rules_find_what_they_are_for():
    assert _UNESCAPED.search("{{ text|safe }}")
    assert _INLINE.search("<script>alert(1)</script>")
    assert _INLINE.search('<p style="color: red">')
    assert _INLINE.search('<a onclick="x()">')
    assert not _INLINE.search('<script type="module" src="/x.js"></script>')
    assert _ELSEWHERE.search('<img src="//elsewhere.example/x.png">')


def is_html_of_email(path):
    """Mail programs know no style sheets; tests/notifications/test_letters.py says what may be in them."""
    return path.parts[-4:-1] == ("templates", "notifications", "email")


@pytest.mark.parametrize("rule", [_UNESCAPED, _INLINE, _ELSEWHERE], ids=["safe", "inline", "away"])
def test_no_template_breaks_the_rule(rule):
    found = [path for path in templates() if not (rule is _INLINE and is_html_of_email(path))]
    assert len(found) > 50
    assert [path.name for path in found if rule.search(path.read_text(encoding="utf-8"))] == []


def test_every_form_that_posts_carries_the_token():
    # Apart from the style page's samples, which no face shows, and from the form that takes an
    # agent's pass to a school: the token is the helpdesk's, and no other site's to know.
    apart = {"style_guide.html", "open_site.html"}
    posting = re.compile(r"<form[^>]*method=.post.*?</form>", re.IGNORECASE | re.DOTALL)
    forms = [(p.name, form) for p in templates() for form in posting.findall(p.read_text())]
    assert len(forms) > 10
    assert {name for name, form in forms if "csrf_token" not in form} == apart


def test_no_code_declares_a_text_safe():
    made = [
        (module, node.lineno)
        for module, node in nodes(ast.Call)
        if ast.unparse(node.func).split(".")[-1] in {"mark_safe", "SafeString", "SafeText"}
        and not (node.args and isinstance(node.args[0], ast.Constant))
        and module not in MAY_DECLARE_SAFE
    ]
    assert made == []


#: Modules that put finished HTML together, and why what they declare safe is.
MAY_DECLARE_SAFE: dict[str, str] = {
    "ui.markdown": "Markdown, rendered without HTML and sanitised by nh3",
}
