# The fork changes no model, so Oscar's own migrations are its migrations: copies would only age.
from oscar.apps.partner.migrations import __path__ as __path__
