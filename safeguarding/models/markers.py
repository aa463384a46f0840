"""Numbered markers that an incident puts on maps."""

from django.db import models
from django.db.models import Q

from safeguarding.models.incidents import Incident
from schools.models import SchoolMap
from ui.figures import FIGURES
from ui.maps import LONGEST_NOTE


class Marker(models.Model):
    """A numbered marker with a note, on a figure of ours or a map of the school's own.

    Written with its incident and never changed (guide, section 4, “Maps”).

    Attributes:
        figure: Name of the figure, where it is one.
        number: From 1 on each map of an incident.
        x: Fraction of the map's width, from the left.
        y: Fraction of the map's height, from the top.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="markers")
    figure = models.CharField(
        max_length=20, blank=True, choices=[(code, code) for code in FIGURES], editable=False
    )
    school_map = models.ForeignKey(
        SchoolMap, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    number = models.PositiveSmallIntegerField()
    x = models.DecimalField(max_digits=5, decimal_places=4)
    y = models.DecimalField(max_digits=5, decimal_places=4)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(figure="", school_map__isnull=False)
                | (~Q(figure="") & Q(school_map__isnull=True)),
                name="marker_on_a_figure_or_a_map",
            ),
            models.CheckConstraint(
                condition=Q(x__gte=0, x__lte=1, y__gte=0, y__lte=1), name="marker_lies_on_its_map"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="marker_counts_from_one"),
            models.UniqueConstraint(
                "incident",
                "figure",
                "school_map",
                "number",
                name="marker_number_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def map_code(self) -> str:
        """The map, as forms and pages call it."""
        return self.figure or str(self.school_map.ref if self.school_map else "")
