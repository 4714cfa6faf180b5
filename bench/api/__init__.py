"""How fast the HTTP API is with a million todos."""
