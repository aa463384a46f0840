"""People's names as they are searched: kept by a trigger of the database, never written from here.

Source: decision 0015.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from schools.models.people import Staff, Student


class NameSearch(models.Model):
    """A person's names, folded: without accents, capitals, apostrophes and hyphens.

    Attributes:
        name: First, preferred and family names, each word after a space.
        words: Those words.
        pairs: The two words in the middle of each whole name, in either order.
        near: The words, and the longer ones with any one letter left out.
        is_here: On roll, or working here.
    """

    name = models.TextField()
    words = ArrayField(models.TextField())
    pairs = ArrayField(models.TextField())
    near = ArrayField(models.TextField())
    is_here = models.BooleanField()

    class Meta:
        abstract = True


class StudentSearch(NameSearch):
    """A student's names as they are searched."""

    student = models.OneToOneField(
        Student, primary_key=True, on_delete=models.CASCADE, related_name="search"
    )

    def __str__(self) -> str:
        return str(self.pk)


class StaffSearch(NameSearch):
    """The names of a member of staff as they are searched."""

    staff = models.OneToOneField(
        Staff, primary_key=True, on_delete=models.CASCADE, related_name="search"
    )

    def __str__(self) -> str:
        return str(self.pk)
