"""Measurements, each with the command that repeats it. See README.md."""
