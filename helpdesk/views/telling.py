"""What a page says after a deed, or why it was refused."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest

from core.refusals import Refused


@contextmanager
def telling(request: HttpRequest, sentence: str) -> Iterator[None]:
    """Say on the next page that it was done, or why it was refused.

    Raises:
        Http404: What it was to be done to does not exist.
    """
    try:
        yield
    except ObjectDoesNotExist:
        raise Http404 from None
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, sentence)
