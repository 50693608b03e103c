"""Faults and upkeep: what latched and how it is cleared, what wears, what was cleaned, and the technical log searched."""
