"""The first story, over HTTP, without a browser."""

from tests.factories import make_student, staff_row


def test_g6_teacher_records_and_alerts_then_colleague_reads(browse, teacher, dsl):
    student = make_student()
    page = browse(teacher).get("/incidents/add/")
    assert page.status_code == 200
    assert browse(teacher).get("/").status_code == 200
    assert browse(dsl).get("/").status_code == 200
    assert staff_row(dsl).access_group.holds_key
    assert student.display_name == "Maddy Greenwood"
