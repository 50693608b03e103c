"""A new generation of the ledger, ordered at the console by two people: the rules, as pure as the rest. The next start carries it out (``kiosk/succession.py``)."""
