"""The comparison stack. Its dependencies are its own: pyproject.toml and uv.lock beside this file."""
