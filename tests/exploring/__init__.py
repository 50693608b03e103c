"""Every interleaving of a small world: the real session, driver core and firmware, explored breadth first by ``tests/exploration.py``."""
