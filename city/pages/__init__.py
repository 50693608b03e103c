"""The city's pages: made by the server, useful without a script. What they show and do is decided elsewhere in ``city``."""
