"""Scale and bins set right at the console: what is measured, what follows from it, and who decided so. As pure as the rest."""
