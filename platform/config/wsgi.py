"""The WSGI entrance."""

import os

from django.core.wsgi import get_wsgi_application

from core.whole_body import WholeBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")

application = WholeBodies(get_wsgi_application())
