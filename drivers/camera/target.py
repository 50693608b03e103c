"""The printed target that a camera's scale is measured by (``docs/target.svg``): what its code says, and how long the code's side is on paper."""

TARGET_TEXT = "CONSIGNE 60 MM"
TARGET_MM = 60.0
"""From the outer edge of the code to the opposite one, without the white around it."""
