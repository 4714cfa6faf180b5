"""How well the language understands people: the adapter for scorers of public corpora."""
