"""A date and a time as people say them: in the school's zone, twice a year ambiguous."""

from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core import clock


class MomentField(forms.SplitDateTimeField):
    """When something happened.

    On the night on which the clocks go back an hour comes twice; it is the later one, unless that
    is yet to come. Django's own field refuses that hour, and with it the whole form.
    """

    @override
    def compress(self, data_list: Any) -> datetime | None:
        try:
            given: datetime | None = super().compress(data_list)
        except ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            return _of_two(*data_list)
        return given


def _of_two(day: date, hour: time) -> datetime:
    zone = timezone.get_current_timezone()
    first, second = (datetime.combine(day, hour, zone).replace(fold=fold) for fold in (0, 1))
    if first.astimezone(UTC) > second.astimezone(UTC):
        raise ValidationError(
            _("The clocks went forward then, so there was no such time. Enter another.")
        )
    return (second if second.astimezone(UTC) <= clock.now() else first).astimezone(UTC)
