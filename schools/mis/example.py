"""An example of an export, with invented people, for whoever sets one up."""

_FILES = {
    "manifest.csv": (
        "propertyName,value",
        "manifest.version,1.0",
        "oneroster.version,1.1",
        "file.orgs,absent",
        "file.users,bulk",
        "file.demographics,bulk",
        "file.classes,bulk",
        "file.enrollments,bulk",
    ),
    "users.csv": (
        (
            "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,"
            "givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password"
        ),
        "t1,,,true,,teacher,,,Ada,Example,,,a.example@school.example,,,,,",
        "p1,,,true,,student,,{UPN:H801200001001},Ben,Example,,,,,,,4,",
        "p2,,,true,,student,,,Cara,Example,,,,,,,R,",
    ),
    "demographics.csv": (
        "sourcedId,status,dateLastModified,birthDate,sex",
        "p1,,,2018-03-09,",
        "p2,,,2021-11-30,",
    ),
    "classes.csv": (
        "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType",
        "c1,,,4B,,,,homeroom",
        "c2,,,Acorns,,,,homeroom",
    ),
    "enrollments.csv": (
        (
            "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,"
            "primary,beginDate,endDate"
        ),
        "e1,,,c1,,p1,student,true,,",
        "e2,,,c2,,p2,student,true,,",
    ),
}


def example_files() -> dict[str, str]:
    """Return the files' texts by name; they can be imported as they are."""
    return {name: "\r\n".join(lines) + "\r\n" for name, lines in _FILES.items()}
