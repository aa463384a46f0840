"""Webinars for schools, and who has a place at them."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from core import clock
from core.identifiers import uuid7
from helpdesk.knowledge_terms import (
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    LONGEST_WEBINAR,
    MOST_PLACES,
    WebinarState,
)

_TONES = {WebinarState.PUBLISHED: "ok", WebinarState.CALLED_OFF: "attention"}


class Webinar(models.Model):
    """A lesson at a set time, by video call; afterwards perhaps a recording.

    Attributes:
        slug: Its name in a school's addresses, made of its first title.
        version: Counts its changes, from 1.
        text: Markdown.
        starts_at: UTC.
        join_url: Where it takes place; only who has a place is told.
        places: How many may have one.
        recording_url: Where it can be watched afterwards; empty where it cannot.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(
        max_length=10,
        choices=[(one.value, one.value) for one in WebinarState],
        default=WebinarState.DRAFT.value,
    )
    title = models.CharField(max_length=LONGEST_TITLE)
    summary = models.CharField(max_length=LONGEST_SUMMARY)
    text = models.TextField(blank=True)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    join_url = models.CharField(max_length=500)
    places = models.PositiveIntegerField()
    recording_url = models.CharField(max_length=500, blank=True)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in WebinarState]),
                name="webinar_state_known",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=LONGEST_WEBINAR), name="webinar_minutes"
            ),
            models.CheckConstraint(
                condition=Q(places__gte=1, places__lte=MOST_PLACES), name="webinar_places"
            ),
            models.CheckConstraint(
                condition=Q(join_url__startswith="https://"), name="webinar_join_by_https"
            ),
            models.CheckConstraint(
                condition=Q(recording_url="") | Q(recording_url__startswith="https://"),
                name="webinar_recording_by_https",
            ),
        ]
        indexes = [models.Index("starts_at", name="webinar_starts_at")]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def ends_at(self) -> datetime:
        """When it is over (UTC)."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def is_over(self) -> bool:
        """Whether it has taken place."""
        return self.ends_at <= clock.now()

    @property
    def state_words(self) -> str:
        """How it stands, as editors read it."""
        return WebinarState(self.state).words

    @property
    def state_tone(self) -> str:
        """The kind of ``ui_tag`` for how it stands."""
        return _TONES.get(WebinarState(self.state), "plain")


class WebinarPlace(models.Model):
    """Somebody of a school who takes part; taken and given up at their school's site.

    Attributes:
        name: Of a member of staff, as ``email`` is; never a student's.
        taken_at: UTC.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    webinar = models.ForeignKey(Webinar, on_delete=models.PROTECT, related_name="taken")
    school_ref = models.UUIDField()
    school_name = models.CharField(max_length=200)
    staff_ref = models.UUIDField()
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254)
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("webinar", "staff_ref", name="webinar_place_once"),
        ]

    def __str__(self) -> str:
        return str(self.ref)
