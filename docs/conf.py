"""Sphinx: ``make docs`` builds the documentation into ``docs/_build/html``."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "sandbox")]
os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"

import django  # noqa: E402

django.setup()

import oscar_subscriptions  # noqa: E402

project = "django-oscar-subscriptions"
author = "The django-oscar-subscriptions contributors"
project_copyright = "2026, the django-oscar-subscriptions contributors"
version = release = oscar_subscriptions.__version__

extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "alabaster"
html_theme_options = {"description": "Yearly memberships for django-oscar", "fixed_sidebar": True}
autodoc_member_order = "bysource"
autodoc_typehints = "description"
