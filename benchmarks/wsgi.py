"""The shop as a WSGI application, with the settings that the environment names."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
