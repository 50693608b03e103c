"""The ledger's rows to the city, and what the city has acknowledged of them. A process of its own, with network and without devices."""
