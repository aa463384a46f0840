"""Who may see and do what with an incident: one test for each condition."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from safeguarding import policies
from safeguarding.policies import ActionFacts, Concern, IncidentFacts
from schools.policies import WHOLE_ACCESS, Reader
from schools.terms import Refusal

NOW = datetime(2026, 2, 2, 10, 0, tzinfo=UTC)
ME, SOMEBODY = 1, 2
SEVEN_DAYS_AGO = NOW - timedelta(days=7)

TEACHER = Reader(
    staff_id=ME,
    has_key_access=False,
    is_administrator=False,
    has_shown_key=False,
    has_confirmed_key=False,
    history_starts_at=SEVEN_DAYS_AGO,
    access=WHOLE_ACCESS,
)
NOBODY = replace(TEACHER, staff_id=None)
KEY_HOLDER = replace(TEACHER, has_key_access=True, has_shown_key=True)
KEY_HOLDER_WITHOUT_KEY = replace(KEY_HOLDER, has_shown_key=False)
ADMINISTRATOR = replace(TEACHER, is_administrator=True, has_shown_key=True)
ADMINISTRATOR_WITHOUT_KEY = replace(ADMINISTRATOR, has_shown_key=False)

MEDICAL, PROTECTION = 11, 12
CONCERN = Concern(
    category_ids=frozenset({MEDICAL}), year_groups=frozenset({"4"}), is_whole_school=False
)
THEIRS = IncidentFacts(
    author_id=SOMEBODY,
    recorded_at=NOW,
    has_unread_alert=False,
    concern=CONCERN,
    assignee_id=None,
)
ALERTED = replace(THEIRS, has_unread_alert=True)
MINE = replace(THEIRS, author_id=ME)
MINE_LONG_AGO = replace(MINE, recorded_at=SEVEN_DAYS_AGO - timedelta(microseconds=1))
READING = (policies.why_not_read, policies.why_not_read_whole, policies.why_not_add_action)


def action(author_id=SOMEBODY, recorded_at=NOW, incident=THEIRS):
    return ActionFacts(author_id=author_id, recorded_at=recorded_at, incident=incident)


@pytest.mark.parametrize("why_not", READING)
@pytest.mark.parametrize(
    ("reader", "refusal"),
    [
        (NOBODY, Refusal.LOG_IN),
        (KEY_HOLDER_WITHOUT_KEY, Refusal.SHOW_KEY),
        (ADMINISTRATOR_WITHOUT_KEY, Refusal.SHOW_KEY),
    ],
)
@pytest.mark.parametrize("incident", [ALERTED, MINE, THEIRS])
def test_g4_04_nobody_reads_before_logging_in_with_their_key(why_not, reader, refusal, incident):
    assert why_not(reader, incident) is refusal


@pytest.mark.parametrize("why_not", READING)
@pytest.mark.parametrize("incident", [THEIRS, MINE_LONG_AGO, ALERTED])
def test_g4_04_a_key_holder_reads_everything(why_not, incident):
    assert why_not(KEY_HOLDER, incident) is None


@pytest.mark.parametrize("why_not", READING)
@pytest.mark.parametrize("reader", [TEACHER, ADMINISTRATOR])
def test_g4_04_an_unread_alert_opens_the_incident_and_nothing_else_does(why_not, reader):
    assert why_not(reader, ALERTED) is None
    assert why_not(reader, THEIRS) is Refusal.HIDDEN


@pytest.mark.parametrize("why_not", [policies.why_not_read, policies.why_not_add_action])
def test_g4_04_an_author_reads_their_own_text_for_seven_days(why_not):
    assert why_not(TEACHER, MINE) is None
    assert why_not(TEACHER, replace(MINE, recorded_at=SEVEN_DAYS_AGO)) is None
    assert why_not(TEACHER, MINE_LONG_AGO) is Refusal.HIDDEN


def test_g4_04_an_author_does_not_read_the_whole_of_it():
    assert policies.why_not_read_whole(TEACHER, MINE) is Refusal.HIDDEN


@pytest.mark.parametrize(
    ("reader", "refusal"),
    [(NOBODY, Refusal.LOG_IN), (KEY_HOLDER_WITHOUT_KEY, Refusal.SHOW_KEY)],
)
def test_g4_04_nobody_reads_an_action_before_logging_in_with_their_key(reader, refusal):
    assert policies.why_not_read_action(reader, action(ME, incident=ALERTED)) is refusal


def test_g4_04_who_reads_the_whole_incident_reads_its_actions():
    assert policies.why_not_read_action(TEACHER, action(incident=ALERTED)) is None
    assert policies.why_not_read_action(KEY_HOLDER, action()) is None


def test_g4_04_an_author_reads_their_own_action_for_seven_days():
    assert policies.why_not_read_action(TEACHER, action(ME)) is None
    long_ago = SEVEN_DAYS_AGO - timedelta(microseconds=1)
    assert policies.why_not_read_action(TEACHER, action(ME, long_ago)) is Refusal.HIDDEN


def test_g4_04_the_author_of_an_incident_does_not_read_others_actions_on_it():
    assert policies.why_not_read_action(TEACHER, action(incident=MINE)) is Refusal.HIDDEN


@pytest.mark.parametrize("reader", [TEACHER, KEY_HOLDER, ADMINISTRATOR])
def test_g4_02_who_has_an_unread_alert_may_mark_it_as_read(reader):
    assert policies.why_not_mark_as_read(reader, ALERTED) is None
    assert policies.why_not_mark_as_read(reader, MINE) is Refusal.READ_ALREADY


def test_g4_02_nobody_marks_anything_before_logging_in():
    assert policies.why_not_mark_as_read(NOBODY, ALERTED) is Refusal.LOG_IN


@pytest.mark.parametrize(
    ("why_not", "refusal"),
    [
        (policies.why_not_assign, Refusal.CLOSED_TO_ASSIGN),
        (policies.why_not_see_readers, Refusal.KEY_HOLDERS_ONLY),
    ],
)
def test_g6_06_only_key_holders_assign_and_see_who_has_read(why_not, refusal):
    assert why_not(KEY_HOLDER) is None
    assert why_not(TEACHER) is refusal
    assert why_not(ADMINISTRATOR) is refusal
    assert why_not(KEY_HOLDER_WITHOUT_KEY) is Refusal.SHOW_KEY
    assert why_not(NOBODY) is Refusal.LOG_IN


@pytest.mark.parametrize("refusal", list(Refusal))
def test_each_refusal_has_a_sentence_for_people(refusal):
    assert refusal.sentence[0].isupper()
    assert refusal.sentence.endswith(".")
