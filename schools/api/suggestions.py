"""Names that match what somebody types.

Asked for by POST: what is typed is a child's name, and addresses end up in logs and histories.
"""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.audit import services as audit
from core.entrances import entrance
from schools import choices, selectors
from schools.actors import StaffActor
from schools.policies import why_not_enter
from ui.choices import Choice


class Typed(serializers.Serializer[Any]):
    """What was typed so far."""

    query = serializers.CharField(max_length=100, allow_blank=True)


class Suggestions(APIView):
    """Answers with up to a dozen choices."""

    def post(self, request: Request) -> Response:
        """Return ``{"results": [{"ref", "label", "detail"}]}``."""
        typed = Typed(data=request.data)
        typed.is_valid(raise_exception=True)
        actor: StaffActor = request._request.actor  # type: ignore[attr-defined] # set by the middleware
        found = self.matching(actor, typed.validated_data["query"])
        return Response({"results": [choice.as_dict() for choice in found]})

    def matching(self, actor: StaffActor, query: str) -> list[Choice]:
        """Return what matches, best first."""
        raise NotImplementedError


class SuggestStudents(Suggestions):
    """Students on roll."""

    def matching(self, actor: StaffActor, query: str) -> list[Choice]:
        """Return students with year and class."""
        found = selectors.students_named(actor.reader, query)
        # Whom the answer names; never what was typed.
        audit.record(actor, "students.suggested", students=[student.ref for student in found])
        return choices.student_choices(found)


class SuggestStaff(Suggestions):
    """Registered staff."""

    key_holders_only = False

    def matching(self, actor: StaffActor, query: str) -> list[Choice]:
        """Return staff; those who left are not among them."""
        found = selectors.staff_named(query, key_holders_only=self.key_holders_only)
        return [choices.staff_choice(staff) for staff in found]


suggest_students = entrance(why_not_enter)(SuggestStudents.as_view())
suggest_staff = entrance(why_not_enter)(SuggestStaff.as_view())
suggest_key_holders = entrance(why_not_enter)(SuggestStaff.as_view(key_holders_only=True))
