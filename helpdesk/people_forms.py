"""What a lead says of teams, topics and agents."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from helpdesk.terms import Topic

#: Reference and name of each team.
Teams = Iterable[tuple[str, str]]
_TOPICS = [(topic.value, topic.words) for topic in Topic]


class TeamForm(forms.Form):
    """A new team."""

    name = forms.CharField(
        label="Name of the team", max_length=100, error_messages={"required": "Enter a name."}
    )


class TopicsForm(forms.Form):
    """To which team each topic goes."""

    def __init__(self, data: Any = None, *, teams: Teams, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        choices = [("", "Everybody"), *teams]
        for topic, words in _TOPICS:
            self.fields[topic] = forms.ChoiceField(label=words, choices=choices, required=False)

    def teams(self) -> dict[Topic, UUID | None]:
        """Return the team of each topic that was sent, by reference; None for everybody."""
        told = {topic: self.cleaned_data[topic] for topic in Topic if topic in self.data}
        return {topic: UUID(ref) if ref else None for topic, ref in told.items()}


class AgentForm(forms.Form):
    """What is dealt to an agent."""

    skills = forms.MultipleChoiceField(
        label="Topics that they can deal with",
        required=False,
        choices=_TOPICS,
        widget=forms.CheckboxSelectMultiple,
        help_text="None is all.",
    )
    capacity = forms.IntegerField(
        label="Open tickets at which no more are dealt to them", min_value=0, max_value=500
    )

    def __init__(self, data: Any = None, *, teams: Teams, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["teams"] = forms.MultipleChoiceField(
            label="Teams",
            required=False,
            choices=list(teams),
            widget=forms.CheckboxSelectMultiple,
            help_text="None is every team.",
        )

    def told(self) -> dict[str, Any]:
        """Return what was said, as the service takes it."""
        said = self.cleaned_data
        return {
            "teams": [UUID(ref) for ref in said["teams"]],
            "skills": [Topic(skill) for skill in said["skills"]],
            "capacity": said["capacity"],
        }
