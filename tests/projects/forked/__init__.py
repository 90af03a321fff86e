"""A shop that forked the extension's app, as it would fork one of Oscar's."""
