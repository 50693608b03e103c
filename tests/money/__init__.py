"""Ledgers, cities and their databases for tests; who tampers with them, and where the power was cut."""
