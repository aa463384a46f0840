"""A school's own maps: added by administrators, made anew, shown to its staff alone (acceptance G6.4)."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core import images
from core.attachments.models import Attachment
from core.images import ImageRefused, cleaned
from schools.models import SchoolMap
from tests.acceptance.page import Page
from tests.factories import entries_about, make_staff

MAPS = "/administration/maps/"
GPS = 0x8825


def picture(kind="PNG", size=(400, 300), **options):
    kept = BytesIO()
    Image.new("RGB", size, "#88aa66").save(kept, kind, **options)
    return kept.getvalue()


def send(client, content, *, name="Playground", filename="plan.png"):
    return client.post(MAPS, {"name": name, "new_files": SimpleUploadedFile(filename, content)})


@pytest.fixture
def admin(browse, administrator):
    return browse(administrator)


@pytest.fixture
def plan(admin):
    assert send(admin, picture()).status_code == 302
    return SchoolMap.objects.get()


def test_g6_04_an_administrator_adds_a_map_that_every_form_then_offers(admin, browse, teacher):
    answer = send(admin, picture(), name="  The   playground ")
    plan = SchoolMap.objects.get()
    assert (answer.status_code, answer.url) == (302, f"{MAPS}{plan.ref}/")
    assert (plan.name, plan.width, plan.height) == ("The playground", 400, 300)
    assert [entry.verb for entry in entries_about(plan.ref)] == ["map.added"]
    assert "The playground" in Page(admin.get(MAPS)).text
    assert "Add a map: The playground" in Page(browse(teacher).get("/incidents/add/")).text


def test_g6_04_the_image_is_shown_inline_to_staff_of_the_school_alone(plan, browse, teacher):
    path = f"/maps/{plan.ref}/"
    answer = browse(teacher).get(path)
    sent = b"".join(answer)
    assert Image.open(BytesIO(sent)).size == (400, 300)
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert browse().get(path).status_code == 302


def test_g6_04_only_what_was_made_anew_is_kept(plan):
    assert Attachment.objects.get() == plan.image


def test_g6_04_only_administrators_look_after_maps(browse, dsl, teacher, plan):
    for actor in (dsl, teacher):
        client = browse(actor)
        assert client.get(MAPS).status_code == 403
        assert client.post(f"{MAPS}{plan.ref}/retire/").status_code == 403
    plan.refresh_from_db()
    assert plan.is_active


def test_g6_04_a_map_is_renamed_retired_and_brought_back_on_record(admin, browse, teacher, plan):
    path = f"{MAPS}{plan.ref}/"
    assert admin.post(path, {"name": "Yard"}).status_code == 302
    assert admin.post(f"{path}retire/").status_code == 302
    assert "Yard" not in Page(browse(teacher).get("/incidents/add/")).text
    assert "Yard Retired" in Page(admin.get(MAPS)).text
    assert admin.post(f"{path}bring-back/").status_code == 302
    assert "Yard" in Page(browse(teacher).get("/incidents/add/")).text
    verbs = [entry.verb for entry in entries_about(plan.ref)]
    assert verbs == ["map.added", "map.renamed", "map.retired", "map.brought_back"]


def test_g6_04_two_maps_that_are_offered_do_not_share_a_name(admin, plan):
    page = Page(send(admin, picture(), name="PLAYGROUND"))
    assert "A map with this name is offered already." in page.text
    admin.post(f"{MAPS}{plan.ref}/retire/")
    assert send(admin, picture(), name="PLAYGROUND").status_code == 302
    page = Page(admin.post(f"{MAPS}{plan.ref}/bring-back/", follow=True))
    assert "A map with this name is offered already." in page.text


def test_g6_04_markers_on_a_map_stay_when_it_is_retired(admin, browse, dsl, add, plan):
    at = [f"{plan.ref}|0.9|0.1"]
    form = {"maps": [str(plan.ref)], "maps_marker": at, "maps_note": ["By the gate"]}
    assert add(browse(dsl), **form).status_code == 302
    admin.post(f"{MAPS}{plan.ref}/retire/")
    incident = plan_incident()
    page = browse(dsl).get(f"/incidents/{incident.ref}/")
    assert "1 top right By the gate" in Page(page).between("Playground")
    assert f"/maps/{plan.ref}/" in page.content.decode()


def plan_incident():
    from safeguarding.models import Incident

    return Incident.objects.get()


@pytest.mark.parametrize(
    ("content", "filename", "said"),
    [
        (
            b'<svg xmlns="http://www.w3.org/2000/svg"/>',
            "plan.svg",
            "An SVG drawing can hold programs",
        ),
        (picture()[:400], "plan.png", "This image is damaged or did not arrive whole."),
        (picture("GIF"), "plan.gif", "This is not a PNG, JPEG or WebP image."),
        (picture(size=(60, 20)), "plan.png", "This image is too small or too narrow for a map."),
        (picture(size=(7000, 3500)), "plan.png", "This image has more than 24 million pixels."),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 10_000_000, "plan.png", "This image is larger than 10 MB."),
    ],
    ids=["svg", "cut", "gif", "narrow", "bomb", "large"],
)
def test_g6_04_what_may_not_be_a_map_is_refused_at_the_field(admin, content, filename, said):
    answer = send(admin, content, filename=filename)
    assert answer.status_code == 200
    page = Page(answer)
    assert said in page.text
    assert page.form("Add Map").fields["name"] == ["Playground"]
    assert not SchoolMap.objects.exists()


# What is left of an image


def photograph():
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter
    exif.get_ifd(GPS)[2] = (53.9, 1.0, 0.0)
    exif[0x010E] = "Behind Maddy's house"
    return picture("JPEG", exif=exif, comment=b"taken by Anna")


def test_where_a_photograph_was_taken_is_gone_and_it_stands_upright():
    sent = photograph()
    assert Image.open(BytesIO(sent)).getexif().get_ifd(GPS)
    assert b"Maddy" in sent
    made = cleaned(sent)
    assert (made.width, made.height) == (300, 400)
    assert not dict(Image.open(BytesIO(made.data)).getexif())
    assert b"Maddy" not in made.data
    assert b"Anna" not in made.data


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_what_hides_in_or_behind_an_image_is_gone(kind):
    script = b"<script>alert(1)</script>"
    made = cleaned(picture(kind) + b"<html>" + script)
    assert script not in made.data
    assert Image.open(BytesIO(made.data)).format == "WEBP"


def test_what_is_see_through_becomes_white_paper():
    kept = BytesIO()
    Image.new("RGBA", (100, 100), (255, 0, 0, 0)).save(kept, "PNG")
    made = Image.open(BytesIO(cleaned(kept.getvalue()).data))
    assert min(made.getpixel((50, 50))) > 250


def test_a_large_image_is_made_smaller():
    assert cleaned(picture(size=(4000, 1000))).width == images.LONGEST_SIDE


def test_an_image_of_many_pixels_is_refused_before_it_is_decoded(monkeypatch):
    sent = picture(size=(7000, 3500))
    monkeypatch.setattr(Image.Image, "load", lambda _: pytest.fail("it was decoded"))
    with pytest.raises(ImageRefused, match="24 million"):
        cleaned(sent)


def test_another_schools_staff_do_not_see_it(plan, browse, school_b):
    from core.tenancy import in_school

    with in_school(school_b):
        stranger = make_staff()
    assert browse(stranger, school=school_b).get(f"/maps/{plan.ref}/").status_code == 404
