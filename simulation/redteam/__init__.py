"""What people try who want to be paid for no bottle, and what becomes of honest baskets: on the twin, in virtual time, before the kiosk's own sight and rules."""
