"""The comparison: its dependencies are its own, pyproject.toml and uv.lock beside this file."""
