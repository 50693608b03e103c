"""The kiosk made known to the city by a one-time code that is typed at the console: the rules, as pure as the rest. ``ledger/sync/typed.py`` brings the code to the sync."""
