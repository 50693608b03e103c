"""Money: one append-only journal, views on it, limits, verification, and the sync client. Knows no devices and no screens."""
