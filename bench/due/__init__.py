"""Reminders and digests of many people, on time."""
