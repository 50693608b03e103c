"""``consigne doctor``: what a machine lacks to be a kiosk, and the command that mends it."""
