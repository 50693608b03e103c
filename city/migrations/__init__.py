"""How the city's tables came to their present shape, step by step. Steps only add; ``tables.py`` is where they lead."""
