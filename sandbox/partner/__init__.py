"""The shop's fork of Oscar's partner app, for its own prices and availability."""
