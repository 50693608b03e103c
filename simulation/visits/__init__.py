"""Simulated visits before the product's own sight and rules: how many wrong things are paid, and how many good bottles come back. What is assumed stands in a file."""
