"""Articles at the desk: written, looked at, published, and never lost between two editors."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.audit.models import AuditEntry
from core.refusals import Refused
from helpdesk.knowledge_terms import ArticleKind, Language
from helpdesk.models import Article, ArticleVersion
from helpdesk.services.articles import (
    add_article,
    publish_article,
    save_article,
    unpublish_article,
)
from helpdesk.terms import AgentRole, Refusal, Topic
from tests.control_plane import at, make_agent
from tests.helpdesk.desk import HILLSIDE, agent
from tests.helpdesk.knowledge import article, written

TYPED = {
    "kind": "article",
    "topic": "key",
    "language": "en-GB",
    "title": "Lost your key",
    "summary": "What to do first.",
    "text": "## First\n\nAsk an **administrator**.",
}


@pytest.fixture
def editor(desk):
    return at(make_agent("edwin@platform.example", role=AgentRole.EDITOR))


def press(browser, path, **sent):
    shown = browser.post(path, sent, follow=True)
    assert shown.status_code == 200
    return shown.text


def begun(editor, **typed):
    press(editor, "/knowledge/new/", save="1", **{**TYPED, **typed})
    return Article.objects.get(latest__title=typed.get("title", TYPED["title"]))


def test_an_editor_writes_previews_publishes_and_takes_back(editor):
    shown = press(editor, "/knowledge/new/", preview="1", **TYPED)
    assert "<strong>administrator</strong>" in shown
    assert "Nothing is saved yet." in shown
    assert not Article.objects.exists()

    it = begun(editor)
    path = f"/knowledge/{it.ref}/"
    assert (it.slug, it.published, it.latest.number) == ("lost-your-key", None, 1)
    assert "Draft" in editor.get(path).text
    shown = press(editor, f"{path}publish/", version="1")
    assert "All schools can read this now." in shown
    it.refresh_from_db()
    assert it.published == it.latest
    assert it.latest.published_by.user.email == "edwin@platform.example"

    press(editor, f"{path}edit/", save="1", version="1", **{**TYPED, "text": "Something else."})
    it.refresh_from_db()
    assert (it.latest.number, it.published.number) == (2, 1)
    shown = editor.get(path).text
    assert "Published, changed since" in shown
    assert "Something else." in shown
    before = editor.get(f"{path}?version=1").text
    assert "This is an older version" in before
    assert "<strong>administrator</strong>" in before
    again = editor.get(f"{path}edit/?version=1").text
    assert "Ask an **administrator**." in again
    assert 'name="version" value="2"' in again

    assert "Schools no longer see this." in press(editor, f"{path}unpublish/")
    it.refresh_from_db()
    assert (it.published, it.published_at, it.versions.count()) == (None, None, 2)
    verbs = AuditEntry.objects.filter(verb__startswith="article.").exclude(verb="article.viewed")
    assert [*verbs.order_by("id").values_list("verb", flat=True)] == [
        "article.added",
        "article.published",
        "article.saved",
        "article.unpublished",
    ]


def test_save_and_publish_is_one_press(editor):
    it = begun(editor)
    press(editor, f"/knowledge/{it.ref}/edit/", publish="1", version="1", **TYPED)
    it.refresh_from_db()
    assert it.published.number == it.latest.number == 2


def test_two_editors_of_one_article_lose_nothing(editor):
    it = begun(editor)
    path = f"/knowledge/{it.ref}/edit/"
    press(editor, path, save="1", version="1", **{**TYPED, "text": "What she wrote."})
    shown = press(editor, path, save="1", version="1", **{**TYPED, "text": "What he wrote."})
    assert "Somebody else saved this while you were writing" in shown
    assert "What she wrote." in shown
    assert "What he wrote.</textarea>" in shown.replace("\n", "")
    assert 'name="version" value="2"' in shown
    it.refresh_from_db()
    assert it.latest.text == "What she wrote."
    press(editor, path, save="1", version="2", **{**TYPED, "text": "What both wrote."})
    said = it.versions.order_by("number").values_list("text", flat=True)
    assert [*said][1:] == ["What she wrote.", "What both wrote."]


def test_nobody_publishes_what_they_have_not_seen(editor):
    it = begun(editor)
    press(editor, f"/knowledge/{it.ref}/edit/", save="1", version="1", **TYPED)
    assert "Somebody else saved this meanwhile." in press(
        editor, f"/knowledge/{it.ref}/publish/", version="1"
    )
    it.refresh_from_db()
    assert it.published is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "There is a problem"),
        ({"title": "x" * 201}, "200"),
        ({"text": ""}, "Write the text."),
        ({"text": "x" * 100_001}, "100000"),
        ({"kind": "video"}, "Enter the address of the video."),
        ({"kind": "video", "video_url": "javascript:alert(1)"}, "begins with https://"),
        ({"kind": "video", "video_url": "http://videos.example/1"}, "begins with https://"),
        ({"video_url": "https://videos.example/1"}, "Only a video has an address."),
        ({"kind": "poem"}, "There is a problem"),
        ({"topic": ""}, "There is a problem"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(editor, wrong, said):
    begun(editor, title="Another")
    shown = press(editor, "/knowledge/new/", save="1", **{**TYPED, **wrong})
    assert said in shown
    assert wrong.get("summary", TYPED["summary"]) in shown
    assert Article.objects.count() == 1


def test_agents_read_and_editors_write(desk, agatha, lena):
    eddie = agent("eddie", role=AgentRole.EDITOR)
    it = add_article(actor=lena, written=written())
    save_article(actor=eddie, ref=it.ref, written=written(text="More."), seen=1)
    deeds = (
        lambda: add_article(actor=agatha, written=written()),
        lambda: save_article(actor=agatha, ref=it.ref, written=written(), seen=2),
        lambda: publish_article(actor=agatha, ref=it.ref, seen=2),
        lambda: unpublish_article(actor=agatha, ref=it.ref),
    )
    for deed in deeds:
        with pytest.raises(Refused) as refused:
            deed()
        assert refused.value.why == Refusal.EDITORS_ONLY
    assert it.versions.count() == 2


def test_an_agents_pages_have_no_button_of_an_editors(desk, lena):
    it = article(lena)
    browser = at(make_agent("anna@platform.example"))
    for path in ("/knowledge/", f"/knowledge/{it.ref}/"):
        shown = browser.get(path)
        assert "Lost your key" in shown.text
        assert "New article" not in shown.text
        assert "Edit" not in shown.text
    for path in ("/knowledge/new/", f"/knowledge/{it.ref}/edit/", "/webinars/", "/webinars/new/"):
        assert browser.get(path).status_code == 403
    assert browser.post(f"/knowledge/{it.ref}/publish/", {"version": "1"}).status_code == 403


def test_the_list_is_narrowed_and_searched(editor, lena):
    article(lena, title="Draft of keys", is_published=False)
    article(lena, title="Emails that do not arrive", topic=Topic.EMAIL)
    article(
        lena,
        title="A film",
        kind=ArticleKind.VIDEO,
        language=Language.WELSH,
        video_url="https://videos.example/1",
    )
    changed = article(lena, title="Changed since")
    save_article(actor=lena, ref=changed.ref, written=written(title="Changed since"), seen=1)

    def titles(answer):
        return {one.latest.title for one in answer.context["page"]}

    assert len(titles(editor.get("/knowledge/"))) == 4
    for query, expected in {
        "state=draft": {"Draft of keys"},
        "state=changed": {"Changed since"},
        "state=published&topic=email": {"Emails that do not arrive"},
        "kind=video": {"A film"},
        "kind=poem": {"Draft of keys", "Emails that do not arrive", "A film", "Changed since"},
    }.items():
        assert titles(editor.get(f"/knowledge/?{query}")) == expected, query
    assert titles(editor.post("/knowledge/", {"words": "email arriving"})) == {
        "Emails that do not arrive"
    }
    assert "No article has these words." in editor.post("/knowledge/", {"words": "xylophone"}).text
    assert "Enter words to look for." in editor.post("/knowledge/", {"words": " "}).text
    assert "No article is like that." in editor.get("/knowledge/?state=draft&topic=email").text


def test_with_no_article_the_list_says_so(editor):
    assert "There is no article yet." in editor.get("/knowledge/").text


def test_lists_and_pages_ask_as_often_for_one_article_as_for_a_hundred(editor, lena):
    counts = []
    first = article(lena)
    for number in (0, 99):
        for one in range(number):
            article(lena, title=f"Key {one}", is_published=one % 2 == 0)
            save_article(actor=lena, ref=first.ref, written=written(), seen=one + 1)
        asked = []
        for how in (
            lambda: editor.get("/knowledge/"),
            lambda: editor.post("/knowledge/", {"words": "key"}),
            lambda: editor.get(f"/knowledge/{first.ref}/"),
        ):
            with CaptureQueriesContext(connection) as captured:
                assert how().status_code == 200
            asked.append(len(captured))
        counts.append(asked)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12


def test_what_there_is_not_is_not_found(editor):
    it = begun(editor)
    assert editor.get(f"/knowledge/{it.ref}/?version=1").status_code == 200
    assert editor.get(f"/knowledge/{it.ref}/?version=2").status_code == 404
    assert editor.get(f"/knowledge/{HILLSIDE}/").status_code == 404
    assert editor.post(f"/knowledge/{HILLSIDE}/publish/", {"version": "1"}).status_code == 404


def test_titles_that_are_alike_have_addresses_that_are_not(desk, lena):
    slugs = {article(lena, title=title).slug for title in ("Keys", "Keys", "Keys!", "“”", "“”")}
    assert len(slugs) == 5
    assert all(slugs)


def test_history_keeps_no_words(desk, lena):
    it = article(lena, title="Quillfeather", text="Oystercatcher")
    kept = AuditEntry.objects.filter(subject_kind__startswith="helpdesk.article")
    assert kept.filter(subject_ref=it.ref).exists()
    assert kept.filter(subject_kind="helpdesk.articleversion").exists()
    assert ArticleVersion.objects.get().plain == "Oystercatcher"
    said = str([*kept.values_list("changes", "facts")])
    assert "Oystercatcher" not in said
    assert "Quillfeather" not in said
