"""Limits that others than one step of the self-test judge by, with where each comes from."""

SUPPLY_MV = (11_400.0, 12_600.0)
"""12 V within 5 %, as makers of 12 V supplies state; the controller stops below 10.5 V (firmware/guard.py, SUPPLY_LOW_MV)."""

TEMPERATURE_C = (5.0, 60.0)
"""A heated hall, and what a closed case adds; parts of the plainest class end at 70 °C. Chosen."""

ZERO_G = 2.0
"""With more on the empty scale no drop is counted (firmware/drop.py, ZERO_G)."""

MOTOR_MA = 1800.0
"""More than any free motion draws (firmware/motion.py, OVER_MA)."""
