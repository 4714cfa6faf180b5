"""Spoken messages as files: fetched from the provider, checked, cut, decoded and kept."""
