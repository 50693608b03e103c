"""Kiosk, twin, city and sync as real processes, a visitor who never tires, and three witnesses who count what happened."""
