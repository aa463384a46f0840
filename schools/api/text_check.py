"""Students whom a text names and who are not linked, while it is typed (guide, section 4, “Student”).

Asked for by POST like suggestions. The text is neither kept nor put on record: only whom the answer
names.
"""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.audit import services as audit
from core.entrances import entrance
from schools import choices
from schools.actors import StaffActor
from schools.policies import why_not_enter
from schools.selectors.named_in_text import LONGEST_CHECKED, named_in


class Typing(serializers.Serializer[Any]):
    """What was typed so far, and whom it need not name again."""

    text = serializers.CharField(
        max_length=LONGEST_CHECKED, allow_blank=True, trim_whitespace=False
    )
    chosen = serializers.ListField(child=serializers.UUIDField(), max_length=500)


class NamedInText(APIView):
    """Answers with whom a text names."""

    def post(self, request: Request) -> Response:
        """Return ``{"students", "misspelt": [{"ref", "label", "detail"}], "shared": [...]}``."""
        typing = Typing(data=request.data)
        typing.is_valid(raise_exception=True)
        actor: StaffActor = request._request.actor  # type: ignore[attr-defined] # set by the middleware
        found = named_in(
            actor.reader,
            typing.validated_data["text"],
            chosen=typing.validated_data["chosen"],
        )
        told = [*found.students, *found.misspelt]
        if told:
            audit.record(actor, "students.named", students=[one.ref for one in told])
        told_as = [one.as_dict() for one in choices.student_choices(told)]
        return Response(
            {
                "students": told_as[: len(found.students)],
                "misspelt": told_as[len(found.students) :],
                "shared": [
                    {"word": one.word, "count": f"{one.count}+" if one.is_more else str(one.count)}
                    for one in found.shared
                ],
            }
        )


named_in_text = entrance(why_not_enter)(NamedInText.as_view())
