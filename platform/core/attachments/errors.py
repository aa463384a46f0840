"""What can go wrong with a file. No message ever holds a file's name."""

from django.core.exceptions import ValidationError


class FileRefused(Exception):
    """The file may not come in; the message is a sentence for the person who chose it."""


class FileTooLarge(FileRefused):
    """The file has more bytes than the school allows."""


class StorageUnavailable(Exception):
    """The object store or the school's key cannot be reached for now."""


class AttachmentDamaged(Exception):
    """The object is gone, cut, altered, or was sealed for another school or another row."""


class ClaimRefused(ValidationError):
    """A file is not there to be claimed: unknown, somebody else's, or on a record already."""
