"""The library of Jotline's functions."""
