"""Who may open the administrators' pages, tried on every one of their addresses."""

import pytest
from django.urls import reverse

from core import clock
from core.attachments.models import Attachment
from core.identifiers import uuid7
from core.tenancy import in_school
from schools.models import AccessGroup, AlertGroup, Category, MisImport, SchoolMap
from schools.urls import urlpatterns
from tests.factories import make_staff, staff_row

PAGES = {str(one.name): str(one.pattern) for one in urlpatterns}
NAMES = [name for name, route in PAGES.items() if route.startswith("administration/")]
WITH_REF = [name for name in NAMES if "<uuid:ref>" in PAGES[name]]
POSTED_TO = [
    name
    for name in WITH_REF
    if name.startswith(
        ("retire", "bring", "deactiv", "reactiv", "add", "invite", "confirm", "cancel")
    )
]


def address(name, ref=None):
    return reverse(
        name, urlconf="config.urls.school", args=[ref or uuid7()] if name in WITH_REF else []
    )


def ask(client, name, ref=None):
    method = client.post if name in POSTED_TO else client.get
    return method(address(name, ref))


@pytest.mark.parametrize("name", NAMES)
def test_t33_only_an_administrator_with_the_key_gets_in(name, browse, teacher, dsl, administrator):
    assert ask(browse(administrator), name).status_code == (404 if name in WITH_REF else 200)
    for outsider in (teacher, dsl):
        refused = ask(browse(outsider), name)
        assert refused.status_code == 403
        assert "administrators" in refused.content.decode()
    without_key = ask(browse(administrator, has_key=False), name)
    assert without_key.status_code == 302
    assert without_key.url.startswith("/account/key/")
    stranger = ask(browse(), name)
    assert stranger.status_code == 302
    assert stranger.url.startswith("/login/")


def a_map(user):
    image = Attachment.objects.create(
        object_key=f"{uuid7()}/{uuid7()}",
        filename="plan.png",
        content_type="image/png",
        size=1,
        created_by=user,
        attached_at=clock.now(),
    )
    return SchoolMap.objects.create(name="Playground", image=image, width=400, height=300)


@pytest.mark.isolation
@pytest.mark.parametrize("name", WITH_REF)
def test_t04_administrator_finds_nothing_of_another_school(name, browse, administrator, school_b):
    client = browse(administrator)
    with in_school(school_b):
        theirs = staff_row(make_staff("theirs"))
        refs = {
            "category": Category.objects.get(name="Medical").ref,
            "alert_group": AlertGroup.objects.create(name="Safeguarding team").ref,
            "access_group": AccessGroup.objects.get(is_default=True).ref,
            "map": a_map(theirs.user).ref,
            "mis_import": MisImport.objects.create(uploaded_by=theirs).ref,
            **dict.fromkeys(("staff", "activate", "details", "invite"), theirs.ref),
        }
    [ref] = {ref for noun, ref in refs.items() if noun in name}
    theirs, absent = ask(client, name, ref), ask(client, name)
    assert theirs.status_code == absent.status_code == 404
    assert theirs.content == absent.content


def test_g6_02_administrator_sees_what_there_is_to_look_after(browse, administrator):
    make_staff("dsl", kind="key_holder")
    page = browse(administrator).get("/administration/").content.decode()
    assert "14 categories, 0 sub-categories" in page
    assert "3 people: 1 key holder, 2 administrators" in page
    assert "None yet" in page
    assert "Nobody holds the key yet" not in page
    assert "only administrator" not in page


def test_g6_06_administrator_is_told_that_nobody_holds_the_key(browse, administrator):
    assert (
        "Nobody holds the key yet" in browse(administrator).get("/administration/").content.decode()
    )


def test_new_school_lists_administration_in_the_panel_for_administrators_alone(
    browse, administrator, teacher
):
    assert 'href="/administration/"' in browse(administrator).get("/").content.decode()
    assert 'href="/administration/"' not in browse(teacher).get("/").content.decode()
