"""The simulated metal: what the firmware moves, weighs and sees when no intake is there. Its own process, real ports."""
