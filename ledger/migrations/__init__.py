"""How a ledger file came to its present shape, step by step. Steps only add; ``schema.py`` is where they lead."""
