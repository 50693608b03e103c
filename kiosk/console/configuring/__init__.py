"""The configuration looked at and changed at the console, where that is safe: the rules, as pure as the rest. ``config/changing.py`` knows the keys."""
