"""The live page of a technician: what the machine tells now, and a part that moves while it is touched."""
