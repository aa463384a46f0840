"""A school edits its own categories (acceptance G6.2)."""

import pytest

from core.audit.models import AuditEntry
from core.refusals import Refused
from schools import selectors
from schools.models import Category
from schools.services import categories as services
from schools.terms import DEFAULT_CATEGORIES, Refusal
from tests.factories import entries_about

LIST = "/administration/categories/"
CATEGORY = 80


def offered():
    return [category.name for category in selectors.offered_categories()]


def named(name):
    return Category.objects.get(name=name)


def page_of(name):
    return f"{LIST}{named(name).ref}/"


@pytest.fixture
def client(browse, administrator):
    """An administrator's browser."""
    return browse(administrator)


def test_g6_02_new_school_has_the_default_categories_in_order_of_the_alphabet(client):
    page = client.get(LIST).content.decode()
    places = [page.index(f">{name}<") for name in DEFAULT_CATEGORIES]
    assert places == sorted(places)


def test_g6_02_administrator_adds_a_category(client, administrator):
    assert "Online Safety" not in offered()
    answer = client.post(LIST, {"name": "  Online \u00a0 Safety "}, follow=True)
    assert "‘Online Safety’ was added." in answer.content.decode()
    assert "Online Safety" in offered()
    entry = AuditEntry.objects.get(verb="category.added")
    assert (entry.user_id, entry.subject_ref) == (administrator.user_id, named("Online Safety").ref)
    assert entry.facts == {}


def test_g6_02_administrator_adds_a_sub_category(client):
    answer = client.post(page_of("Medical") + "sub-categories/", {"sub-name": "Asthma"})
    assert answer.url == page_of("Medical")
    assert named("Asthma").parent == named("Medical")
    assert offered()[offered().index("Medical") + 1] == "Asthma"
    assert "Asthma" in client.get(LIST).content.decode()


def test_g6_02_the_same_sub_category_may_be_under_two_categories(client):
    for parent in ("Medical", "SEND"):
        answer = client.post(page_of(parent) + "sub-categories/", {"sub-name": "Assessment"})
        assert answer.status_code == 302
    assert Category.objects.filter(name="Assessment").count() == 2


def test_g6_02_a_sub_category_has_none_of_its_own(client):
    client.post(page_of("Medical") + "sub-categories/", {"sub-name": "Asthma"})
    assert "New sub-category" not in client.get(page_of("Asthma")).content.decode()
    refused = client.post(page_of("Asthma") + "sub-categories/", {"sub-name": "Inhaler"})
    assert refused.status_code == 404
    assert not Category.objects.filter(name="Inhaler").exists()


def test_g6_02_administrator_renames_a_category_and_changes_capitals(client):
    ref = named("Legacy").ref
    for name in ("Old records", "OLD records"):
        assert client.post(f"{LIST}{ref}/", {"name": name}).status_code == 302
        assert Category.objects.get(ref=ref).name == name
    assert AuditEntry.objects.filter(verb="category.renamed", subject_ref=ref).count() == 2


def test_g6_02_a_name_that_stays_is_not_on_the_record_as_a_change(client):
    assert client.post(page_of("Legacy"), {"name": "Legacy"}).status_code == 302
    assert not AuditEntry.objects.filter(verb="category.renamed").exists()


def test_g6_02_retired_category_is_kept_but_not_offered_and_comes_back(client):
    client.post(page_of("Medical") + "sub-categories/", {"sub-name": "Asthma"})
    assert {"Medical", "Asthma"} <= set(offered())
    client.post(page_of("Medical") + "retire/")
    assert not {"Medical", "Asthma"} & set(offered())
    assert "Retired" in client.get(page_of("Medical")).content.decode()
    assert (
        "is retired, so this sub-category is not" in client.get(page_of("Asthma")).content.decode()
    )
    client.post(page_of("Medical") + "bring-back/")
    assert {"Medical", "Asthma"} <= set(offered())
    verbs = entries_about(named("Medical").ref)
    assert list(verbs.values_list("verb", flat=True)) == [
        "category.retired",
        "category.brought_back",
    ]


def test_g6_02_retiring_twice_is_retiring_once(administrator):
    for _ in range(2):
        services.retire_category(actor=administrator, ref=named("Legacy").ref)
    assert AuditEntry.objects.filter(verb="category.retired").count() == 1


def test_g6_02_the_last_category_stays(client, administrator):
    for name in DEFAULT_CATEGORIES[1:]:
        services.retire_category(actor=administrator, ref=named(name).ref)
    last = DEFAULT_CATEGORIES[0]
    services.add_sub_category(actor=administrator, parent=named(last).ref, name="Lateness")
    refused = client.post(page_of(last) + "retire/")
    assert refused.status_code == 403
    assert Refusal.LAST_CATEGORY.sentence in refused.content.decode()
    assert offered() == [last, "Lateness"]
    services.retire_category(actor=administrator, ref=named("Lateness").ref)
    assert offered() == [last]


@pytest.mark.parametrize("name", ["medical", "MEDICAL", " Medical  "])
def test_g6_02_taken_name_is_refused_at_the_field(client, name):
    answer = client.post(LIST, {"name": name})
    assert answer.status_code == 200
    assert answer.context["form"].errors == {"name": [Refusal.CATEGORY_NAME_TAKEN.sentence]}
    assert Category.objects.filter(name__iexact="medical").count() == 1


def test_g6_02_taken_name_is_refused_beyond_ascii_and_when_retired(client, administrator):
    category = services.add_category(actor=administrator, name="École")
    services.retire_category(actor=administrator, ref=category.ref)
    answer = client.post(LIST, {"name": "E\u0301COLE"})
    assert answer.context["form"].errors == {"name": [Refusal.CATEGORY_NAME_TAKEN.sentence]}


def test_g6_02_taken_name_is_refused_when_renaming_and_beneath_a_category(client):
    renamed = client.post(page_of("Legacy"), {"name": "send"})
    assert renamed.context["form"].errors == {"name": [Refusal.CATEGORY_NAME_TAKEN.sentence]}
    assert named("Legacy")
    sub = page_of("Medical") + "sub-categories/"
    client.post(sub, {"sub-name": "Asthma"})
    again = client.post(sub, {"sub-name": "ASTHMA"})
    assert again.context["sub_form"].errors == {"name": [Refusal.CATEGORY_NAME_TAKEN.sentence]}
    assert "<title>Error: Medical" in again.content.decode()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Enter the category"),
        (" \u00a0 ", "Enter the category"),
        ("x" * (CATEGORY + 1), "Keep this to 80 characters; it has 81."),
        ("Med\nical", "cannot be seen"),
        ("Med\tical", "cannot be seen"),
        ("Med\x07ical", "cannot be seen"),
        ("Med\u200bical", "cannot be seen"),
        ("lacid\u202eeM", "cannot be seen"),
        ("Med\x00ical", "cannot be seen"),
    ],
)
def test_t41_unfit_name_is_refused_at_the_field_and_stays_in_it(client, name, said):
    answer = client.post(LIST, {"name": name})
    (error,) = answer.context["form"].errors["name"]
    assert said in error
    assert answer.context["form"]["name"].value() == name
    assert Category.objects.count() == len(DEFAULT_CATEGORIES)


def test_t41_script_in_a_name_is_shown_as_text(client):
    client.post(LIST, {"name": "<script>alert(1)</script>"})
    for address in (LIST, page_of("<script>alert(1)</script>")):
        page = client.get(address).content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<script>alert" not in page


def test_t33_service_refuses_who_does_not_administer(teacher, dsl, administrator):
    services.add_category(actor=administrator, name="Online Safety")
    for outsider in (teacher, dsl):
        with pytest.raises(Refused) as refused:
            services.add_category(actor=outsider, name="Mine")
        assert refused.value.why is Refusal.ADMINISTRATORS_ONLY
    assert not Category.objects.filter(name="Mine").exists()


@pytest.mark.parametrize("rows", [1, 3, 100])
def test_g2_05_list_of_any_length_asks_the_same_questions(rows, client, django_assert_num_queries):
    Category.objects.all().delete()
    Category.objects.bulk_create(Category(name=f"Category {n}") for n in range(rows))
    Category.objects.bulk_create(
        Category(name="Other", parent=parent) for parent in Category.objects.all()
    )
    with django_assert_num_queries(QUERIES):
        page = client.get(LIST).content.decode()
    assert page.count("ui-row__link") == rows


#: Two search paths, school, session, account, who acts, categories, their sub-categories, and the
#: unread alerts (the bell of every page).
QUERIES = 10
