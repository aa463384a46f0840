"""What a page says after a deed, or why it was refused."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest

from core.refusals import Refused
from helpdesk.views.rescue import forget_typed


@contextmanager
def telling(
    request: HttpRequest, sentence: str, *, form: forms.Form | None = None, field: str = ""
) -> Iterator[None]:
    """Say that it was done, or why it was refused: on the next page, or at a form's field.

    Args:
        request: What asks for the deed.
        sentence: Said once it is done.
        form: Holds the words; invalid once they are refused, to be shown again with them.
        field: Of the form, at which the refusal is said.

    Raises:
        Http404: What it was to be done to does not exist.
    """
    try:
        yield
    except ObjectDoesNotExist:
        raise Http404 from None
    except Refused as refused:
        if form is None:
            messages.error(request, refused.sentence)
        else:
            form.add_error(field, refused.sentence)
    else:
        forget_typed(request)
        messages.success(request, sentence)
