"""How fast keysets are wrapped anew: ``python -m tests.benchmarks.rewrap_keysets``.

``rewrap_keysets`` over 5,000 schools of two keysets each, with a local wrapping key: one locked
row, one entry of the record and one commit a school. “Bare” is the unwrapping and wrapping of the
same keysets without a database, in the same run.
"""

import time
from io import StringIO

from tests.benchmarks.platform_up import platform_up, tell

SCHOOLS = 5_000


def main() -> None:
    """Make the schools' rows, give the platform its next wrapping key, wrap all anew."""
    with platform_up():
        tell(benchmark="rewrap_keysets", **_measure())


def _measure() -> dict[str, object]:
    from django.conf import settings
    from django.core.management import call_command

    from core import keyring
    from tenants.models import School

    _make_schools()
    for step in ("add", "promote"):
        key = keyring.next_local_wrapping_key(settings.LOCAL_WRAPPING_KEY, step)
        settings.LOCAL_WRAPPING_KEY = key
    schools = list(School.objects.all())
    begin = time.perf_counter()
    for school in schools:
        keyring.rewrapped(school)
    bare = time.perf_counter() - begin
    begin = time.perf_counter()
    call_command("rewrap_keysets", stdout=StringIO())
    seconds = time.perf_counter() - begin
    if School.objects.wrapped_otherwise(keyring.wrapping_key()).exists():
        raise SystemExit("some keysets were left out")
    return {
        "keysets": 2 * SCHOOLS,
        "s": round(seconds, 1),
        "keysets_per_s": round(2 * SCHOOLS / seconds),
        "bare_s": round(bare, 2),
        "bare_keysets_per_s": round(2 * SCHOOLS / bare),
        "ratio": round(seconds / bare, 1),
    }


def _make_schools() -> None:
    from core import keyring
    from tenants.models import School

    made = []
    for number in range(SCHOOLS):
        school = School(slug=f"bench-{number}", name="Bench", urn=f"{900000 + number}")
        school.take(keyring.new_keysets(school.ref))
        made.append(school)
    School.objects.bulk_create(made, batch_size=1000)


if __name__ == "__main__":
    main()
