from oscar_subscriptions import management

__path__ = management.__path__
