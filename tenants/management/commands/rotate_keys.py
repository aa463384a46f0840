"""``rotate_keys --school SLUG``: a new key for a school, in two steps."""

from argparse import ArgumentParser
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from typing_extensions import override

from core import clock, keyring
from core.actors import Actor
from tenants.models import School
from tenants.selectors import school_by_slug
from tenants.services import keys


class Command(BaseCommand):
    """Take the next step of the rotation of a school's keys; say what happens next and when."""

    help = "Give one school new keys: they join first, and seal once everybody knows them."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--school", metavar="SLUG", action="append", help="required, one")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        school = _the_one_school(options["school"] or [])
        actor = Actor(request_id=uuid4().hex)
        try:
            self.stdout.write(_next_step(school, actor))
        except keyring.KeysetFull as error:
            raise CommandError(f"No rotation: {error}") from None
        except (keyring.KeysetRefused, keyring.KeysUnavailable) as error:
            raise CommandError(f"{error} Nothing was changed.") from None


def _next_step(school: School, actor: Actor) -> str:
    if school.keys_rotated_at is None or not school.is_rotating:
        moment = keys.begin_rotation(actor=actor, school_ref=school.ref)
        return f"New keys have joined, and open. They seal from {_said(moment)} on, by themselves."
    moment = keys.seals_from(school.keys_rotated_at)
    if clock.now() < moment:
        return f"A rotation is under way: the new keys seal from {_said(moment)} on, by themselves."
    keys.promote_keys(actor=actor, school_ref=school.ref)
    return "The new keys seal from now on. Older ones stay, to open what they sealed."


def _said(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%H:%M on %-d %B %Y (%Z)")


def _the_one_school(slugs: list[str]) -> School:
    if len(slugs) != 1:
        raise CommandError("Say which school, exactly one: --school SLUG")
    try:
        return school_by_slug(slugs[0])
    except School.DoesNotExist:
        raise CommandError("There is no open school with that slug.") from None
