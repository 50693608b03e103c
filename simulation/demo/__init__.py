"""The demonstration: the kiosk's window, twin, city and sync together, and a panel to put things in and to break things."""
