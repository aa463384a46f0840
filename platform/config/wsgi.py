"""The WSGI entrance."""

import os

from django.core.wsgi import get_wsgi_application

from core.memory import forbid_core_dumps
from core.whole_body import WholeBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")

forbid_core_dumps()
application = WholeBodies(get_wsgi_application())
