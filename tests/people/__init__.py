"""Who acts in tests: a visitor at the window, a session told event by event, somebody who types a command, rightly or wrongly."""
