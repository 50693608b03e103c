"""The loudspeaker: four short sounds, and what plays them. When one is played is no matter of this package (``kiosk/sounds.py``)."""
