"""Run a management command: ``platform/manage.py COMMAND``."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
#: Commands that reach no service, and so run without the environment that the platform needs.
ON_FILES_ALONE = {"check_business_time"}


def main() -> None:
    """Put both source roots on the path, then hand over to Django."""
    for root in (HERE, HERE.parent):
        if str(root) not in sys.path:
            sys.path.insert(0, str(root))
    layer = "lint" if ON_FILES_ALONE & set(sys.argv[1:2]) else "dev"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"config.settings.{layer}")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - needs the path

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
