"""The packages we are compared with, each with settings, rows and tasks of its own."""
