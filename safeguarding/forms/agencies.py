"""What an administrator fills in about an agency."""

from django import forms
from django.utils.translation import gettext_lazy as _

from safeguarding.forms.typed_again import TypedAgainForm
from schools.forms import NameField
from ui.kept_text import KeptTextInput


class AgencyForm(TypedAgainForm):
    """An agency's name; a comma would part it in two on the forms."""

    name = NameField(
        label=_("Name"),
        widget=KeptTextInput,
        max_length=120,
        error_messages={
            "required": _("Enter the agency's name."),
            "max_length": _("Keep this to %(limit_value)d characters; it has %(show_value)d."),
        },
    )

    def clean_name(self) -> str:
        """Return the name, if it can be typed on a form."""
        name: str = self.cleaned_data["name"]
        if "," in name:
            raise forms.ValidationError(_("Leave out the comma: on the forms it parts two names."))
        return name
