"""The intake controller's program. MicroPython, and unchanged inside the twin. Imports none of ours."""
