"""Pictures of the chamber, drawn: what is modelled, and how to repeat it, is in the README. Runs outside the product's environment."""
