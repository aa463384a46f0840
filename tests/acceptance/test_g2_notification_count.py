"""The bell at the top right: how many alerts are unread, and nothing else (acceptance G2.1, G2.2)."""

import pytest

from safeguarding.models import Alert
from tests.acceptance import rows
from tests.factories import make_incident, make_student


def test_g2_02_every_page_says_how_many_alerts_are_unread_and_leads_to_them(browse, teacher, see):
    student = make_student("Zebedee", "Quill")
    for _ in range(3):
        make_incident(teacher, student=student, recipients=[teacher])
    client = browse(teacher)
    for path in ("/", "/incidents/add/"):
        page = client.get(path).content.decode()
        bell = page[page.index("ui-bell") :].split("</a>")[0]
        assert 'href="/#alert"' in bell
        assert "3 alerts you have not read" in bell
        assert "Zebedee" not in bell
        panel = page[page.index("<nav") : page.index("</nav>")]
        assert ">3<" in panel
    Alert.objects.filter(pk__in=Alert.objects.values("pk")[:2]).update(read_at="2026-01-05T10:00Z")
    assert "1 alert you have not read" in client.get("/").text
    Alert.objects.update(read_at="2026-01-05T10:00Z")
    page = client.get("/").text
    assert "No alerts that you have not read" in page
    assert "ui-navigation__count" not in page


def test_g2_02_others_alerts_do_not_count(browse, teacher, dsl):
    make_incident(dsl, recipients=[teacher])
    assert "1 alert you have not read" in browse(teacher).get("/").text
    assert "No alerts that you have not read" in browse(dsl).get("/").text


@pytest.mark.parametrize(("number", "said"), [(99, ">99<"), (100, ">99+<"), (150, ">99+<")])
def test_g2_02_beyond_ninety_nine_it_says_no_number(browse, teacher, number, said, statements):
    rows.alerts(rows.incidents(number, teacher), [teacher], teacher)
    client = browse(teacher)
    with statements() as asked:
        page = client.get("/incidents/add/").text
    assert said in page[page.index("ui-bell") :].split("</a>")[0]
    assert len([one for one in asked if "safeguarding_alert" in one and "COUNT" in one]) == 1


def test_g2_02_who_is_not_logged_in_has_no_bell(browse):
    assert "ui-bell" not in browse().get("/login/").text
