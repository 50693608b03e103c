"""A folder a device. Gives events and values; knows nothing of money, visits or words for people."""
