"""``python -m kiosk`` is ``consigne``."""

from kiosk.cli import main

if __name__ == "__main__":
    main()
