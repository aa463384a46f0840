"""Extracts of the DfE's register, invented."""

from pathlib import Path

HEADER = [
    "URN",
    "LA (code)",
    "LA (name)",
    "EstablishmentNumber",
    "EstablishmentName",
    "TypeOfEstablishment (name)",
    "EstablishmentStatus (name)",
    "PhaseOfEducation (name)",
    "StatutoryLowAge",
    "StatutoryHighAge",
    "NumberOfPupils",
    "UKPRN",
    "Street",
    "Locality",
    "Address3",
    "Town",
    "County (name)",
    "Postcode",
    "SchoolWebsite",
    "TelephoneNum",
    "HeadTitle (name)",
    "HeadFirstName",
    "HeadLastName",
    "Trusts (code)",
    "Trusts (name)",
    "OpenDate",
    "CloseDate",
]


def line(urn: str, name: str, **said: str) -> dict[str, str]:
    """Return one line of an extract by column."""
    facts = dict.fromkeys(HEADER, "") | {
        "URN": urn,
        "EstablishmentName": name,
        "EstablishmentStatus (name)": "Open",
        "PhaseOfEducation (name)": "Primary",
        "LA (name)": "Rutland",
        "Street": "1 High Street",
        "Town": "Oakham",
        "Postcode": "LE15 6AA",
        "Trusts (code)": "5000",
        "Trusts (name)": "Elm Trust",
        "OpenDate": "01-09-2012",
        "NumberOfPupils": "210",
    }
    return facts | said


def write(path: Path, *lines: dict[str, str], encoding: str = "cp1252") -> Path:
    """Write an extract."""
    header = list(lines[0]) if lines else HEADER
    rows = [header, *([one[name] for name in header] for one in lines)]
    text = "\r\n".join(
        ",".join('"' + word.replace('"', '""') + '"' for word in row) for row in rows
    )
    path.write_bytes((text + "\r\n").encode(encoding))
    return path
