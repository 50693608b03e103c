"""Scale and bins set right inside a kiosk that runs: the tool on the lent line, and what is kept of it. The rules are ``kiosk/console/calibrating``'s."""
