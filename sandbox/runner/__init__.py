"""Starts the sandbox: data, payment stand-in, shop. One small module for each concern."""
