"""The self-test: one step after the other on the real machine or its twin, each with its limits, and a failure that names the part."""
