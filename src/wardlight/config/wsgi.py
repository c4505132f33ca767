"""The WSGI application, for `wardlight serve` or any WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wardlight.config.settings")
application = get_wsgi_application()
