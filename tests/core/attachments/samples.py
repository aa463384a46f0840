"""Files of every kind, made here: as small as a reader of that kind would still take."""

import io
import struct
import zipfile

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/'
    'package/2006/content-types"><Override PartName="/{main}" ContentType="{kind}"/>{more}</Types>'
)
_OOXML = "application/vnd.openxmlformats-officedocument."
_MAIN = {
    "docx": ("word/document.xml", f"{_OOXML}wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{_OOXML}spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{_OOXML}presentationml.presentation.main+xml"),
}


def zipped(parts, *, compression=zipfile.ZIP_DEFLATED):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", compression) as package:
        for name, content in parts:
            package.writestr(name, content)
    return held.getvalue()


def ooxml(extension, *, more="", parts=(), kind=None, types_last=False):
    main, main_kind = _MAIN[extension]
    types = ("[Content_Types].xml", _TYPES.format(main=main, kind=kind or main_kind, more=more))
    content = [(main, "<document/>"), *parts]
    return zipped([*content, types] if types_last else [types, *content])


def odf(kind, parts=()):
    mimetype = ("mimetype", f"application/vnd.oasis.opendocument.{kind}")
    return zipped([mimetype, ("content.xml", "<office/>"), *parts])


def ole(*names, before=0):
    """A compound file with these directory entries, ``before`` sectors of 512 bytes in."""
    entries = b"".join(_ole_entry(name) for name in ("Root Entry", *names))
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + bytes(512 * before) + entries


def _ole_entry(name):
    encoded = name.encode("utf-16-le")
    return (encoded.ljust(64, b"\0") + struct.pack("<H", len(encoded) + 2)).ljust(128, b"\1")


def _iso_media(brand, *compatible):
    brands = b"".join((brand, b"\0\0\0\0", *compatible))
    return struct.pack(">I", 8 + len(brands)) + b"ftyp" + brands + b"\0\0\0\x08mdat"


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(range(256)) * 8 + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(64)
GIF = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"
PDF = (
    b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
EML = b"From: Ann <ann@example.org>\r\nSubject: Concern\r\n\r\n<html><b>Hello</b></html>\r\n"

#: Name, content, what the gate must say it is.
GOOD = [
    ("photo.jpg", JPEG, "image/jpeg"),
    ("photo.JPEG", JPEG, "image/jpeg"),
    ("screen.png", PNG, "image/png"),
    ("dot.gif", GIF, "image/gif"),
    ("photo.webp", b"RIFF\x24\0\0\0WEBPVP8 " + bytes(32), "image/webp"),
    ("IMG_1.heic", _iso_media(b"heic", b"mif1", b"heic"), "image/heic"),
    ("IMG_2.heic", _iso_media(b"mif1", b"mif1", b"heic"), "image/heic"),
    ("letter.pdf", PDF, "application/pdf"),
    ("note.docx", ooxml("docx"), f"{_OOXML}wordprocessingml.document"),
    ("note.docx", ooxml("docx", types_last=True), f"{_OOXML}wordprocessingml.document"),
    ("list.xlsx", ooxml("xlsx"), f"{_OOXML}spreadsheetml.sheet"),
    ("talk.pptx", ooxml("pptx"), f"{_OOXML}presentationml.presentation"),
    ("note.odt", odf("text"), "application/vnd.oasis.opendocument.text"),
    ("list.ods", odf("spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet"),
    ("talk.odp", odf("presentation"), "application/vnd.oasis.opendocument.presentation"),
    ("note.doc", ole("WordDocument", "1Table"), "application/msword"),
    ("list.xls", ole("Workbook"), "application/vnd.ms-excel"),
    ("old.xls", ole("Book", before=3), "application/vnd.ms-excel"),
    ("talk.ppt", ole("PowerPoint Document", before=9), "application/vnd.ms-powerpoint"),
    (
        "mail.msg",
        ole("__nameid_version1.0", "__properties_version1.0"),
        "application/vnd.ms-outlook",
    ),
    ("mail.msg", ole("__properties_version1.0", "_VBA_PROJECT"), "application/vnd.ms-outlook"),
    ("both.doc", ole("WordDocument", "Workbook"), "application/msword"),
    ("note.rtf", b"{\\rtf1\\ansi Hello}", "application/rtf"),
    ("note.txt", "MZ told me: “it’s £5” <sigh>\n".encode(), "text/plain"),
    ("note.txt", b"The wide gate was open.", "text/plain"),
    ("note.txt", b"ID3 is what he calls it.", "text/plain"),
    ("note.txt", "£5 café".encode("cp1252"), "text/plain"),
    ("note.txt", "caf\u00e9 \u2013 £5".encode("utf-16"), "text/plain"),
    ("list.csv", b"name,age\r\nAnn,7\r\n", "text/csv"),
    ("list.csv", b"\xef\xbb\xbfname,age\r\nAnn,7\r\n", "text/csv"),
    ("mail.eml", EML, "message/rfc822"),
    ("call.mp3", b"ID3\x04\0\0\0\0\0\0" + bytes(32), "audio/mpeg"),
    ("call.mp3", b"\xff\xfb\x90\x64" + bytes(413), "audio/mpeg"),
    ("call.m4a", _iso_media(b"M4A ", b"isom"), "audio/mp4"),
    ("call.m4a", _iso_media(b"mp42"), "audio/mp4"),
    ("call.wav", b"RIFF\x24\0\0\0WAVEfmt " + bytes(32), "audio/wav"),
    ("clip.mp4", _iso_media(b"isom", b"mp41"), "video/mp4"),
    ("clip.mov", _iso_media(b"qt  "), "video/quicktime"),
    ("clip.MOV", b"\0\0\0\x08wide\0\0\0\x08mdat", "video/quicktime"),
    ("clip.mov", b"\x02\x10\x20\x30mdat" + bytes(32), "video/quicktime"),
    ("photo", JPEG, "image/jpeg"),
    ("note", b"Hello\n", "text/plain"),
]

_PE = b"MZ\x90\0\x03\0\0\0" + bytes(56) + b"PE\0\0"

#: Name, content, words that the refusal must hold.
BAD = [
    ("page.html", b"<!DOCTYPE html><script>alert(1)</script>", "You can attach"),
    ("photo.jpg", b"<!DOCTYPE html><script>alert(1)</script>", "a web page"),
    ("photo.jpg", b"\n\n  <script>alert(1)</script>", "a web page"),
    ("photo.svg", b"<svg onload=alert(1)>", "You can attach"),
    ("photo.png", b'<?xml version="1.0"?><svg onload="alert(1)"/>', "an XML or SVG file"),
    ("note.txt", b"<svg onload=alert(1)>", "an XML or SVG file"),
    ("note.txt", b"Dear all\n<SCRIPT src=x>", "a web page"),
    ("note.txt", "<script>alert(1)</script>".encode("utf-16"), "a web page"),
    ("note.txt", b"#!/bin/sh\nrm -rf /", "a script"),
    ("note.txt", b"@echo off\r\ndel *.*", "a script"),
    ("note.txt", b"Hello\0there", "not plain text"),
    ("note.txt", b"Hello\x1b[2J", "not plain text"),
    ("note.txt", b"\xff\xfea\0b", "not plain text"),
    ("list.csv", b"<html><table>", "a web page"),
    ("mail.eml", b"Hello\n", "named like an email"),
    ("setup.exe", _PE, "You can attach"),
    ("photo.jpg", _PE, "a program"),
    ("photo.jpg", b"\x7fELF\x02\x01\x01" + bytes(64), "a program"),
    ("photo.jpg", b"\xcf\xfa\xed\xfe" + bytes(64), "a program"),
    ("photo.jpg", b"\xca\xfe\xba\xbe" + bytes(64), "a program"),
    ("letter.pdf", b"L\0\0\0\x01\x14\x02\0" + bytes(64), "a program"),
    *((f"run.{kind}", b"Hello", "You can attach") for kind in ("bat", "ps1", "js", "vbs", "hta")),
    *((f"run.{kind}", b"Hello", "You can attach") for kind in ("lnk", "docm", "xlsm", "html", "zip")),
    ("pupils.pdf.exe", PDF, "You can attach"),
    ("letter.pdf", PNG, "The name ends in .pdf, but this is a PNG image."),
    ("photo.png", PDF, "The name ends in .png, but this is a PDF."),
    ("letter.pdf", b"Just text", "The name ends in .pdf"),
    ("letter.pdf", bytes(100), "The name ends in .pdf"),
    ("photo.jpg", zipped([("a.txt", "a")]), "The name ends in .jpg"),
    ("photo.jpg", ole("WordDocument"), "The name ends in .jpg"),
    ("note.docx", zipped([("a.txt", "a")]), "an archive"),
    ("note", zipped([("a.txt", "a")]), "an archive"),
    ("note.docx", ooxml("xlsx"), "this is an Excel workbook"),
    ("note.xlsx", odf("spreadsheet"), "this is an OpenDocument sheet"),
    ("note.docx", ooxml("docx", parts=[("word/vbaProject.bin", "x")]), "macros"),
    ("note.docx", ooxml("docx", kind="application/vnd.ms-word.document.macroEnabled.main+xml"), "macros"),
    ("list.xlsx", ooxml("xlsx", parts=[("xl/macrosheets/sheet1.xml", "x")]), "macros"),
    ("note.docx", ooxml("docx", more='<Default Extension="x" ContentType="application/vnd.ms-office.vbaProject"/>'), "macros"),
    ("note.docx", ooxml("docx", more='<Default Extension="x" ContentType="&#109;acro"/>'), "cannot be checked"),
    ("note.odt", odf("text", [("Basic/Standard/Module1.xml", "x")]), "macros"),
    ("note.doc", ole("WordDocument", "Macros", "_VBA_PROJECT"), "macros"),
    ("note.doc", ole("Workbook"), "this is an Excel workbook"),
    ("note.doc", ole("EncryptedPackage"), "password"),
    ("setup.doc", ole("SummaryInformation"), "cannot be checked"),
    ("note.docx", ooxml("docx")[:-30], "cannot be checked"),
    ("note.docx", ooxml("docx", parts=[(f"p{n}", "") for n in range(10_000)]), "cannot be checked"),
    ("photo.jpg", b"Rar!\x1a\x07\0" + bytes(32), "an archive"),
    ("photo.jpg", b"7z\xbc\xaf\x27\x1c" + bytes(32), "an archive"),
    ("photo.jpg", b"\x1f\x8b\x08\0" + bytes(32), "an archive"),
    ("note.docx", zipped([]), "an archive"),
    ("photo.jpg", b"", "This file is empty."),
]  # fmt: skip


def ids(cases):
    """Short names for pytest: the contents would not print well."""
    return [f"{number}-{name}" for number, (name, _content, _told) in enumerate(cases)]
