"""One file a group of commands. They parse, call, and print; what they print comes from ``kiosk/words``."""
