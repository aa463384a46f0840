"""To whom a ticket goes, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.routing import Candidate, agent_for

EARLY = datetime(2026, 2, 10, 9, tzinfo=UTC)
FIRST = Candidate(agent_id=1, is_on_duty=True, open_tickets=1, waits_since=EARLY)
SECOND = replace(FIRST, agent_id=2, open_tickets=2)


def chosen(*candidates):
    return agent_for(candidates, team_id=7, topic="key")


def test_the_fewest_open_tickets_come_first():
    assert chosen(SECOND, FIRST) == 1
    assert chosen(replace(SECOND, open_tickets=0), FIRST) == 2


def test_of_equals_who_waited_longest():
    as_many = replace(SECOND, open_tickets=1)
    assert chosen(FIRST, replace(as_many, waits_since=EARLY - timedelta(seconds=1))) == 2
    assert chosen(replace(as_many, waits_since=EARLY + timedelta(seconds=1)), FIRST) == 1


@pytest.mark.parametrize(
    "unfit",
    [
        {"is_on_duty": False},
        {"capacity": 1},
        {"teams": frozenset({8})},
        {"skills": frozenset({"email"})},
    ],
)
def test_whoever_is_away_full_elsewhere_or_unskilled_is_passed_over(unfit):
    assert chosen(FIRST, SECOND) == 1
    assert chosen(replace(FIRST, **unfit), SECOND) == 2
    assert chosen(replace(FIRST, **unfit)) is None


@pytest.mark.parametrize(
    "fit", [{"teams": frozenset({7, 8})}, {"skills": frozenset({"key", "email"})}, {"capacity": 2}]
)
def test_whoever_fits_is_not(fit):
    assert chosen(replace(FIRST, **fit), SECOND) == 1


def test_a_ticket_of_no_team_is_for_anybody():
    assert agent_for([replace(FIRST, teams=frozenset({8}))], team_id=None, topic="key") == 1
    assert agent_for([], team_id=None, topic="key") is None
