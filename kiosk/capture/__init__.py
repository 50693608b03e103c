"""Labelled pictures of real bottles, taken by a technician in the chamber of a kiosk that stands still, for a net of a city's own."""
