"""``new_local_wrapping_key --out FILE [--step add|promote|drop]``: for the setting of that name."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.views.decorators.debug import sensitive_variables
from typing_extensions import override

from core import keyring


class Command(BaseCommand):
    """Write a value of ``LOCAL_WRAPPING_KEY`` to a new file that its owner alone may read."""

    help = "Make a local wrapping key, or the next step from the present one, in a file."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, required=True, help="must not exist yet")
        parser.add_argument("--step", choices=list(keyring.LOCAL_STEPS), help="from the present")

    @override
    @sensitive_variables()
    def handle(self, *args: Any, **options: Any) -> None:
        step: str | None = options["step"]
        try:
            value = (
                keyring.next_local_wrapping_key(settings.LOCAL_WRAPPING_KEY or "", step)
                if step
                else keyring.new_local_wrapping_key()
            )
            _write(options["out"], value)
        except (ImproperlyConfigured, keyring.KeysetFull) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"Not written: {error.strerror}.") from None
        self.stdout.write(f"Written to {options['out']}. {_NEXT.get(step or '', '')}".strip())


_NEXT = {
    "add": "Give it to every process before you promote.",
    "promote": "Give it to every process, then run rewrap_keysets.",
    "drop": "Keysets that the dropped keys wrapped do not open with it.",
}


@sensitive_variables()
def _write(path: Path, value: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{value}\n")
