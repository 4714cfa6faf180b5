"""The single box: everything on one machine."""
