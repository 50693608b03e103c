"""The technician's part of the console, as pure as the rest: what is tested, how far it is, and what a person is asked for."""
