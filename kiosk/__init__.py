"""The kiosk: the product. Deposit session, runner, screens, self-test, words."""
