"""The kiosk: the only package that sees the others. Deposit session, runner, commands, words."""
