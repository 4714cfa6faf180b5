"""The cluster under load: what it costs, and what it survives."""
