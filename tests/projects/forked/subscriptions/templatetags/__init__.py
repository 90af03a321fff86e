from oscar_subscriptions import templatetags

__path__ = templatetags.__path__
