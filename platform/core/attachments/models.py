"""A file, as the school's schema knows it; its bytes are sealed in the object store."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core import clock
from core.attachments.names import MAX_LENGTH
from core.identifiers import uuid7


class Attachment(models.Model):
    """One file, staged by the person who uploaded it until a record of theirs claims it.

    Attributes:
        object_key: ``<school ref>/<random uuid>``, the same for nothing else.
        filename: The name the person gave, cleaned; leaves only in a download's header.
        content_type: What the content is, as the gate found it.
        size: Bytes of the file itself, unsealed.
        attached_at: When a record claimed it; null while it is staged.
    """

    id = models.BigAutoField(primary_key=True)
    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    object_key = models.CharField(max_length=73, unique=True, editable=False)
    filename = models.CharField(max_length=MAX_LENGTH, editable=False)
    content_type = models.CharField(max_length=100, editable=False)
    size = models.BigIntegerField(editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    attached_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_is_not_empty"),
            models.CheckConstraint(condition=~Q(filename=""), name="attachment_has_a_name"),
            models.CheckConstraint(
                condition=~Q(content_type=""), name="attachment_has_a_content_type"
            ),
            models.CheckConstraint(
                condition=Q(object_key__regex=r"^[0-9a-f-]{36}/[0-9a-f-]{36}$"),
                name="attachment_key_is_school_and_uuid",
            ),
        ]
        indexes = [
            models.Index(
                "created_at", condition=Q(attached_at__isnull=True), name="attachment_staged"
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def is_shown_in_browser(self) -> bool:
        """Whether a browser may show it in its sandbox instead of saving it."""
        return self.content_type in SHOWN_IN_BROWSER


#: Nothing here can hold a script that a browser would run.
SHOWN_IN_BROWSER = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf"}
)
