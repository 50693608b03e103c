"""``consigne sync``: the ledger's rows to the city, in a process of its own, with network and without devices."""
