"""The ticket printer: a picture in dots to ESC/POS, over USB, a serial line or the network, and what the printer says of its paper."""
