"""Keep private pages and files out of every cache, by the address and not by the view: a view that
a shop puts in the place of ours is kept out as well."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.views.decorators.cache import never_cache

if TYPE_CHECKING:
    from django.urls import URLPattern

    View = Callable[..., Any]

    class _Config:
        """Oscar's config of an app, as far as the mixin uses it."""

        def get_url_decorator(self, pattern: URLPattern) -> Callable[[View], View] | None:
            raise NotImplementedError

else:
    _Config = object


class PrivatePagesMixin(_Config):
    """For an app's config, in front of Oscar's: its pages are ``no-store``.

    Without it, a browser shows the page again after signing out, by its "back" button, and a proxy
    may keep it for somebody else.
    """

    # Names of addresses whose pages say nothing about a member.
    public_names: frozenset[str] = frozenset()

    def get_url_decorator(self, pattern: URLPattern) -> Callable[[View], View] | None:
        """Return Oscar's decorator, if any, and around it one that forbids to store the page."""
        decorator = super().get_url_decorator(pattern)
        if pattern.name in self.public_names:
            return decorator
        return lambda view: never_cache(decorator(view) if decorator else view)
