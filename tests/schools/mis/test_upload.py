"""Importing from the MIS by upload, with a preview (acceptance G1.2, G6.2; decision 0017)."""

import io
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core import clock
from core.attachments.models import Attachment
from core.audit.models import AuditEntry
from core.outbox import services as outbox
from core.tenancy import in_school
from schools.mis.example import example_files
from schools.models import MisImport, Staff, Student
from schools.services import mis_uploads
from tests.factories import log_in, make_student

LIST = "/administration/import/"


@pytest.fixture
def client(browse, administrator):
    return browse(administrator)


def zipped(files, folder=""):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in files.items():
            package.writestr(f"{folder}{name}", text)
    return packed.getvalue()


def users(*rows):
    """Return an export of pupils, each ``id,given,family``."""
    header = "sourcedId,role,givenName,familyName,email,grades,identifier,userIds"
    lines = [f"{i},student,{g},{f},,4,," for i, g, f in (row.split(",") for row in rows)]
    manifest = "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\nfile.users,bulk\n"
    return {"manifest.csv": manifest, "users.csv": "\n".join([header, *lines]) + "\n"}


def send(client, content, name="export.zip"):
    uploads = content if isinstance(content, dict) else {name: content}
    files = [
        SimpleUploadedFile(one, text.encode() if isinstance(text, str) else text)
        for one, text in uploads.items()
    ]
    return client.post(LIST, {"new_files": files}, follow=True)


def newest():
    return MisImport.objects.latest("id")


def confirm(client, **sent):
    return client.post(f"{LIST}{newest().ref}/confirm/", sent, follow=True)


def test_g6_02_an_upload_changes_nothing_until_import_is_pressed(client):
    page = send(client, zipped(example_files(), "export/")).text
    assert "Waits for you" in page
    assert "Ben Example" in page
    assert not Student.objects.filter(family_name="Example").exists()
    page = confirm(client).text
    assert "Everything above was imported" in page
    assert Student.objects.filter(family_name="Example", is_current=True).count() == 2
    ada = Staff.objects.get(given_name="Ada", family_name="Example")
    assert not ada.user.has_usable_password()
    assert mail.outbox == []


def test_g6_02_the_example_can_be_downloaded_and_uploaded(client):
    answer = client.get(f"{LIST}example/")
    packed = b"".join(answer.streaming_content)
    assert "Waits for you" in send(client, packed).text


def test_g6_02_the_preview_shows_old_and_new_values_and_the_list_keeps_the_report(
    client, administrator
):
    make_student("Nia", "Evans", sourced_id="p1", year_group="4", class_name="")
    page = send(client, zipped(users("p1,Nia,Évans-Smith", "p2,Bo,New"))).text
    assert "Students who change" in page
    assert "Évans-Smith" in page
    assert "New students" in page
    confirm(client)
    upload = newest()
    assert upload.state == "done"
    assert (upload.counts["student.create"], upload.counts["student.update"]) == (1, 1)
    page = client.get(LIST).text
    assert administrator.name in page
    assert "Imported" in page
    verbs = AuditEntry.objects.filter(subject_ref=upload.ref).exclude(verb__startswith="row.")
    assert {"mis.uploaded", "mis.checked", "mis.previewed", "mis.confirmed"} <= {
        one.verb for one in verbs
    }
    assert AuditEntry.objects.filter(verb="mis.imported").count() == 1


def test_g6_02_csv_files_may_be_sent_one_by_one(client):
    page = send(client, example_files()).text
    assert "Waits for you" in page
    assert "Cara Example" in page


def test_g6_02_what_changed_meanwhile_is_previewed_again_and_not_imported(client):
    send(client, zipped(users("p1,Nia,Evans", "p2,Bo,New")))
    make_student("Nia", "Evans", sourced_id="p1", year_group="4", class_name="")
    page = confirm(client).text
    assert "Something changed meanwhile" in page
    assert not Student.objects.filter(given_name="Bo").exists()
    confirm(client)
    assert Student.objects.filter(given_name="Bo").count() == 1
    assert Student.objects.filter(given_name="Nia").count() == 1


def test_g6_02_many_leavers_need_a_tick(client):
    for number in range(12):
        make_student("Pupil", f"Number{number}", sourced_id=f"p{number}")
    page = send(client, zipped(users(*(f"p{n},Pupil,Number{n}" for n in range(6))))).text
    assert "Many would leave" in page
    assert "Tick that this is right" in confirm(client).text
    assert Student.objects.filter(sourced_id="p11", is_current=True).exists()
    confirm(client, consents="on")
    assert not Student.objects.filter(sourced_id="p11", is_current=True).exists()


BROKEN = {
    "cut off": (lambda: zipped(example_files())[:-60], "cannot be unpacked"),
    "no manifest": (lambda: zipped({"users.csv": "a"}), "not among the files"),
    "semicolons": (
        lambda: zipped({**users(), "users.csv": "sourcedId;role;givenName\n"}),
        "export it with commas",
    ),
    "header typo": (
        lambda: zipped(
            {**users(), "users.csv": users()["users.csv"].replace("givenName", "giveName")}
        ),
        "header is missing: givenName",
    ),
    "another encoding": (
        lambda: zipped(
            {**users(), "users.csv": users("p1,Zoë,Évans")["users.csv"].encode("latin-1")}
        ),
        "is not UTF-8",
    ),
    "a bad row": (lambda: zipped(users("p1,,Evans")), "givenName is empty"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_g6_02_a_broken_export_is_refused_in_words_and_nothing_is_imported(how, client):
    make, words = BROKEN[how]
    before = Student.objects.count()
    page = send(client, make()).text
    assert words in " ".join(page.split())
    assert "Nothing was imported" in page
    assert newest().files == []
    assert "Import</button>" not in page
    confirm(client)
    assert Student.objects.count() == before


def test_g6_02_a_zip_bomb_is_not_unpacked(client, monkeypatch):
    monkeypatch.setattr("schools.mis.uploaded.MOST_UNPACKED", 1000)
    files = {**users(), "orgs.csv": "0" * 5000}
    assert "unpacks to more than" in send(client, zipped(files)).text


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("export.pdf", b"%PDF-1.7", "Choose the zip"),
        ("export.zip", b"not a zip", "this is no zip"),
    ],
)
def test_g6_02_what_is_no_export_does_not_come_in(name, content, words, client):
    assert words in send(client, content, name).text
    assert not MisImport.objects.exists()
    assert "Choose the zip" in client.post(LIST, {}).text


def test_g6_02_files_are_destroyed_after_import_after_cancel_and_after_a_day(
    client, django_capture_on_commit_callbacks
):
    for end in (lambda: confirm(client), lambda: client.post(f"{LIST}{newest().ref}/cancel/")):
        send(client, zipped(example_files()))
        assert Attachment.objects.count() == 1
        with django_capture_on_commit_callbacks() as after:
            end()
        assert Attachment.objects.count() == 0
        assert len(after) == 1
        assert (newest().files, bytes(newest().sealed)) == ([], b"")
    send(client, zipped(users("p9,Late,Comer")))
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        assert mis_uploads.expire_uploads() == 1
    assert newest().state == "expired"
    assert Attachment.objects.count() == 0


def test_g6_02_a_zip_is_never_put_on_a_record_and_only_this_page_takes_one(client):
    refused = client.put(
        "/files/",
        zipped(example_files()),
        content_type="application/zip",
        headers={"Content-Disposition": "attachment; filename*=UTF-8''export.zip"},
    )
    assert refused.status_code == 415
    send(client, zipped(example_files()))
    staged = Attachment.objects.get()
    form = {"new_files": SimpleUploadedFile("x.zip", zipped(example_files()))}
    client.post("/incidents/add/", form)
    assert list(Attachment.objects.all()) == [staged]


def test_g6_02_the_preview_is_sealed(client):
    send(client, zipped(example_files()))
    assert newest().sealed
    assert b"Example" not in bytes(newest().sealed)
    rows = AuditEntry.objects.filter(subject_kind="schools.misimport")
    assert rows.exists()
    assert not [row for row in rows if "sealed" in str(row.changes)]


def test_g6_02_a_large_export_is_left_to_a_worker(client, settings):
    settings.MIS_UPLOAD_SMALL_BYTES = 10
    page = send(client, zipped(example_files())).text
    assert "The files are being checked" in page
    assert 'http-equiv="refresh"' in page
    outbox.act_on_all()
    page = client.get(f"{LIST}{newest().ref}/").text
    assert "Waits for you" in page
    assert 'http-equiv="refresh"' not in page
    assert "The import is under way" in confirm(client).text
    outbox.act_on_all()
    assert newest().state == "done"
    assert Student.objects.filter(family_name="Example").count() == 2


def test_g6_02_an_import_asks_for_the_key_again(school_a, administrator, client):
    assert client.get(LIST).status_code == 200
    send(client, zipped(example_files()))
    late = Client(HTTP_HOST=school_a.host)
    log_in(late, school_a, administrator, key_shown_ago=timedelta(minutes=6))
    with in_school(school_a):
        path = f"{LIST}{newest().ref}/confirm/"
    answer = late.post(path)
    assert answer.headers["Location"].startswith("/account/key/?next=")
    assert newest().state == "ready"
