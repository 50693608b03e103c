"""What MicroPython starts on the board: copied to its flash as ``/main.py``, it runs the program for ever."""

from firmware.start import run

if __name__ == "__main__":
    run()
