"""PostgreSQL: one module per schema, one statement per unit of work."""
