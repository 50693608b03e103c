"""``python -m commands`` is ``consigne``."""

from commands.cli import main

if __name__ == "__main__":
    main()
