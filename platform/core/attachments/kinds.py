"""The kinds of file that may come in, and how their first bytes look."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

#: Read before a kind is decided.
HEAD = 256 * 1024

ALLOWED = _(
    "You can attach images (JPEG, PNG, GIF, WebP, HEIC), PDF, Word, Excel, PowerPoint and "
    "OpenDocument files, RTF, plain text and CSV, emails (EML, MSG), sound (MP3, M4A, WAV) and "
    "video (MP4, MOV)."
)
DANGEROUS = _("This is %(danger)s, which cannot be attached.")


@dataclass(frozen=True)
class Kind:
    """One kind of file.

    Attributes:
        label: What people call it.
        content_type: What a download says it is.
        extensions: How its name may end.
        marks: What tells it from its relatives in the same container, if anything.
    """

    label: str
    content_type: str
    extensions: tuple[str, ...]
    marks: tuple[str, ...] = ()


_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."

JPEG = Kind(gettext_noop("a JPEG image"), "image/jpeg", ("jpg", "jpeg", "jfif"))
PNG = Kind(gettext_noop("a PNG image"), "image/png", ("png",))
GIF = Kind(gettext_noop("a GIF image"), "image/gif", ("gif",))
WEBP = Kind(gettext_noop("a WebP image"), "image/webp", ("webp",))
HEIC = Kind(gettext_noop("a HEIC image"), "image/heic", ("heic", "heif"))
PDF = Kind(gettext_noop("a PDF"), "application/pdf", ("pdf",))
RTF = Kind(gettext_noop("an RTF document"), "application/rtf", ("rtf",))
MP3 = Kind(gettext_noop("an MP3 recording"), "audio/mpeg", ("mp3",))
WAV = Kind(gettext_noop("a WAV recording"), "audio/wav", ("wav",))
MP4 = Kind(gettext_noop("an MP4 video"), "video/mp4", ("mp4",))
M4A = Kind(gettext_noop("an M4A recording"), "audio/mp4", ("m4a",))
MOV = Kind(gettext_noop("a QuickTime video"), "video/quicktime", ("mov",))
#: Let in by `core.attachments.gate.ExportGate` alone.
ARCHIVE = Kind(gettext_noop("a zip archive"), "application/zip", ("zip",))
TEXT = Kind(gettext_noop("plain text"), "text/plain", ("txt",))
CSV = Kind(gettext_noop("plain text"), "text/csv", ("csv",))
EML = Kind(gettext_noop("an email"), "message/rfc822", ("eml",))

#: The mark is the type of the main part, as ``[Content_Types].xml`` must name it.
DOCX = Kind(
    gettext_noop("a Word document"),
    f"{_OOXML}wordprocessingml.document",
    ("docx",),
    (f"{_OOXML}wordprocessingml.document.main+xml",),
)
XLSX = Kind(
    gettext_noop("an Excel workbook"),
    f"{_OOXML}spreadsheetml.sheet",
    ("xlsx",),
    (f"{_OOXML}spreadsheetml.sheet.main+xml",),
)
PPTX = Kind(
    gettext_noop("a PowerPoint presentation"),
    f"{_OOXML}presentationml.presentation",
    ("pptx",),
    (f"{_OOXML}presentationml.presentation.main+xml",),
)
#: The mark is the content of the part ``mimetype``.
ODT = Kind(gettext_noop("an OpenDocument text"), f"{_ODF}text", ("odt",), (f"{_ODF}text",))
ODS = Kind(
    gettext_noop("an OpenDocument sheet"), f"{_ODF}spreadsheet", ("ods",), (f"{_ODF}spreadsheet",)
)
ODP = Kind(
    gettext_noop("an OpenDocument show"), f"{_ODF}presentation", ("odp",), (f"{_ODF}presentation",)
)
#: The mark is a stream that only such files have.
DOC = Kind(gettext_noop("a Word document"), "application/msword", ("doc",), ("WordDocument",))
XLS = Kind(
    gettext_noop("an Excel workbook"), "application/vnd.ms-excel", ("xls",), ("Workbook", "Book")
)
PPT = Kind(
    gettext_noop("a PowerPoint presentation"),
    "application/vnd.ms-powerpoint",
    ("ppt",),
    ("PowerPoint Document",),
)
MSG = Kind(
    gettext_noop("an Outlook email"),
    "application/vnd.ms-outlook",
    ("msg",),
    ("__properties_version1.0",),
)

IN_ZIP = (DOCX, XLSX, PPTX, ODT, ODS, ODP)
IN_OLE = (MSG, DOC, XLS, PPT)
AS_TEXT = (TEXT, CSV, EML)
BY_EXTENSION = {
    extension: kind
    for kind in (
        *(JPEG, PNG, GIF, WEBP, HEIC, PDF, RTF, MP3, WAV, MP4, M4A, MOV),
        *(*IN_ZIP, *IN_OLE, *AS_TEXT),
    )
    for extension in kind.extensions
}

ZIP_START = b"PK\x03\x04"
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

#: Kinds that tell themselves by their first bytes; several where the name decides between them.
_STARTS: tuple[tuple[bytes, tuple[Kind, ...]], ...] = (
    (b"\xff\xd8\xff", (JPEG,)),
    (b"\x89PNG\r\n\x1a\n", (PNG,)),
    (b"GIF87a", (GIF,)),
    (b"GIF89a", (GIF,)),
    (b"%PDF-", (PDF,)),
    (b"{\\rtf1", (RTF,)),
    (b"ID3\x02", (MP3,)),
    (b"ID3\x03", (MP3,)),
    (b"ID3\x04", (MP3,)),
    (ZIP_START, IN_ZIP),
    (OLE_START, IN_OLE),
)


def kinds_of(head: bytes) -> tuple[Kind, ...]:
    """Return the kinds that a file with these first bytes may be; text is not among them."""
    for start, kinds in _STARTS:
        if head.startswith(start):
            return kinds
    if head[:4] == b"RIFF":
        return {b"WAVE": (WAV,), b"WEBP": (WEBP,)}.get(head[8:12], ())
    if head[4:8] in _BOXES and head[0] < 9:  # a box below 150 MB; a text may say “The wide …”
        return _BOXES[head[4:8]](head)
    return (MP3,) if _is_mp3_frame(head) else ()


def _of_brand(head: bytes) -> tuple[Kind, ...]:
    # ISO/IEC 14496-12, 4.3: size, "ftyp", major brand, minor version, compatible brands.
    major, brands = head[8:12], head[8 : min(int.from_bytes(head[:4], "big"), 256)]
    if any(brand in brands for brand in (b"heic", b"heix", b"heim", b"heis")):
        return (HEIC,)
    if major == b"qt  ":
        return (MOV,)
    if major in {b"M4A ", b"M4B "}:
        return (M4A, MP4)
    # Telephones name sound recordings M4A and write the brand of a video, or the other way round.
    if re.match(rb"iso[m2-9]|mp4[12]|avc1|M4V |MSNV|3gp[4-9]|dash", major):
        return (MP4, M4A, MOV)
    return ()


def _old_quicktime(_head: bytes) -> tuple[Kind, ...]:
    return (MOV,)


_BOXES: dict[bytes, Callable[[bytes], tuple[Kind, ...]]] = {
    b"ftyp": _of_brand,
    b"moov": _old_quicktime,
    b"mdat": _old_quicktime,
    b"wide": _old_quicktime,
}


def _is_mp3_frame(head: bytes) -> bool:
    # ISO/IEC 11172-3, 2.4.2.3: eleven set bits, a version, layer III, a bit rate, a sample rate.
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    bit_rate, sample_rate = head[2] >> 4, head[2] >> 2 & 3
    return version != 1 and layer == 1 and bit_rate not in {0, 15} and sample_rate != 3


#: What is never let in, with the words for it; looked for where no allowed kind was found.
_DANGERS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (
        re.compile(rb"MZ[\s\S]{0,61}\0|\x7fELF|\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe"),
        gettext_noop("a program"),
    ),
    (
        re.compile(rb"\xca\xfe\xba\xbe|\0asm|dex\n|!<arch>|L\0\0\0\x01\x14\x02\0"),
        gettext_noop("a program"),
    ),
    (
        re.compile(
            rb"#!|@echo\b|<\?php|\[InternetShortcut\]|Windows Registry Editor", re.IGNORECASE
        ),
        gettext_noop("a script"),
    ),
    # By which whoever sets up a scanner sees that it works (eicar.org); harmless.
    (
        re.compile(rb"X5O!P%@AP\[4\\PZX54\(P\^\)7CC\)7\}\$EICAR"),
        gettext_noop("the test file of virus scanners"),
    ),
    (re.compile(rb"<\?xml|<svg|<!doctype svg", re.IGNORECASE), gettext_noop("an XML or SVG file")),
    (re.compile(rb"<[!a-z/]", re.IGNORECASE), gettext_noop("a web page")),
    (
        re.compile(rb"Rar!\x1a|7z\xbc\xaf|\x1f\x8b|BZh[1-9]1AY|\xfd7zXZ|PK\x05\x06|MSCF\0"),
        gettext_noop("an archive"),
    ),
)
_LEADING = b"\xef\xbb\xbf \t\r\n\f"


def danger_of(head: bytes) -> str | None:
    """Return what people call the dangerous thing that ``head`` starts, or None."""
    start = head.lstrip(_LEADING)[:64]
    return next((gettext(words) for pattern, words in _DANGERS if pattern.match(start)), None)
