"""What prints the figures, each beside a bare reference in the same run. Nothing here is part of the kiosk."""
