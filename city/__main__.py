"""``python -m city`` is ``consigne-city``."""

from city.cli import main

if __name__ == "__main__":
    main()
